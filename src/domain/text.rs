//! Characters: what is the same to a reader is made the same. Nothing here knows what a text is about.

/// A full-width form of an ASCII character becomes the plain one, the ideographic space a plain space;
/// anything else stays.
pub fn half_width(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '\u{3000}' => ' ',
        other => other,
    }
}

/// Characters without a shape that turn or break text: zero-width ones, direction marks, overrides and
/// isolates, the soft hyphen.
pub fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{61c}'
            | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
    )
}

/// Free words as they are kept: line breaks of one kind, nothing invisible, no control characters, no space
/// around them.
pub fn cleaned(typed: &str) -> String {
    typed
        .replace("\r\n", "\n")
        .chars()
        .filter(|c| !is_invisible(*c) && (!c.is_control() || *c == '\n'))
        .collect::<String>()
        .trim()
        .to_owned()
}

/// Chinese characters (Han), those outside the basic plane included.
pub fn is_han(c: char) -> bool {
    matches!(
        c,
        '\u{3007}'
            | '\u{3400}'..='\u{4dbf}'
            | '\u{4e00}'..='\u{9fff}'
            | '\u{f900}'..='\u{faff}'
            | '\u{20000}'..='\u{3ffff}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_width_characters_become_plain_ones() {
        let plain: String = "０１９ＡＸｘ＋－（）～　中a"
            .chars()
            .map(half_width)
            .collect();
        assert_eq!(plain, "019AXx+-()~ 中a");
    }

    #[test]
    fn free_words_keep_what_can_be_seen() {
        let typed = " 理由\u{202e}一\r\n\u{200b}\u{1b}[31m二\0\t𠮷 ";
        assert_eq!(cleaned(typed), "理由一\n[31m二𠮷");
    }

    #[test]
    fn characters_are_told_apart() {
        assert!("中〇㐀\u{20bb7}\u{30000}".chars().all(is_han));
        assert!(!"aé·あ".chars().any(is_han));
        assert!(
            "\u{200b}\u{202e}\u{2066}\u{feff}\u{ad}"
                .chars()
                .all(is_invisible)
        );
        assert!(!"a中 \n".chars().any(is_invisible));
    }
}
