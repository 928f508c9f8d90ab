//! What can be told of a PDF without opening it wholly: whether it is whole, without a password and nothing but a PDF, and how many
//! pages it has. Nothing of it is drawn or changed.

use std::io::Read;

use flate2::read::ZlibDecoder;

use super::inspect::Unfit;

/// Bytes at the end in which the end mark stands, and in which an archive that is hidden behind would end.
const TAIL: usize = 2_048;
const ARCHIVE_TAIL: usize = 66_000;
/// Bytes that are unpacked at most to count pages: what needs more is not counted.
const UNPACKED: u64 = 32 * 1024 * 1024;

/// How many pages it has, where that can be told.
///
/// # Errors
/// [`Unfit`] for one that is cut off, needs a password, or is an archive as well.
pub fn pages(bytes: &[u8]) -> Result<Option<usize>, Unfit> {
    if has(tail(bytes, ARCHIVE_TAIL), b"PK\x05\x06") {
        return Err(Unfit::Archive);
    }
    if !has(tail(bytes, TAIL), b"%%EOF") {
        return Err(Unfit::Broken);
    }
    if is_encrypted(bytes) {
        return Err(Unfit::Encrypted);
    }
    Ok(counted(bytes).or_else(|| packed(bytes)))
}

fn tail(bytes: &[u8], most: usize) -> &[u8] {
    let from = bytes.len().saturating_sub(most);
    bytes.get(from..).unwrap_or_default()
}

fn has(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

/// What follows each place where `word` stands as a whole name.
fn after<'a>(bytes: &'a [u8], word: &'static [u8]) -> impl Iterator<Item = (usize, &'a [u8])> {
    let found = bytes.windows(word.len()).enumerate();
    found.filter_map(move |(at, window)| {
        let rest = bytes.get(at.checked_add(word.len())?..)?;
        let ends = !rest.first().is_some_and(u8::is_ascii_alphanumeric);
        (window == word && ends).then_some((at, rest))
    })
}

/// The trailer names what it is encrypted with: `/Encrypt 12 0 R`.
fn is_encrypted(bytes: &[u8]) -> bool {
    after(bytes, b"/Encrypt").any(|(_, rest)| {
        let first = rest.trim_ascii_start().first();
        first.is_some_and(|byte| byte.is_ascii_digit() || *byte == b'<')
    })
}

/// The largest count that a node of the page tree states in plain: the root's.
fn counted(bytes: &[u8]) -> Option<usize> {
    after(bytes, b"/Type")
        .filter(|(_, rest)| names(rest, b"/Pages"))
        .filter_map(|(at, _)| count_in(object_around(bytes, at)?))
        .max()
}

/// Whether the next name is this one.
fn names(rest: &[u8], name: &[u8]) -> bool {
    let rest = rest.trim_ascii_start();
    let next = rest.get(name.len());
    rest.starts_with(name) && !next.is_some_and(u8::is_ascii_alphanumeric)
}

/// The object that a place is in, between `obj` and `endobj`.
fn object_around(bytes: &[u8], at: usize) -> Option<&[u8]> {
    let before = bytes.get(..at)?;
    let from = before.windows(4).rposition(|part| part == b" obj")?;
    let rest = bytes.get(from..)?;
    let to = rest.windows(6).position(|part| part == b"endobj")?;
    rest.get(..to)
        .filter(|object| from.checked_add(object.len()).is_some_and(|end| end > at))
}

fn count_in(object: &[u8]) -> Option<usize> {
    let (_, rest) = after(object, b"/Count").next()?;
    let digits: Vec<u8> = rest
        .trim_ascii_start()
        .iter()
        .copied()
        .take_while(u8::is_ascii_digit)
        .collect();
    std::str::from_utf8(&digits).ok()?.parse().ok()
}

/// The leaves of a page tree that stands in packed objects.
fn packed(bytes: &[u8]) -> Option<usize> {
    let mut left = UNPACKED;
    let mut found = 0;
    for (at, _) in after(bytes, b"/ObjStm") {
        let rest = bytes.get(at..)?;
        let begin = rest.windows(6).position(|part| part == b"stream")?;
        let data = rest.get(begin.checked_add(6)?..)?;
        let data = data.strip_prefix(b"\r").unwrap_or(data);
        let data = data.strip_prefix(b"\n").unwrap_or(data);
        let mut plain = vec![];
        // What is broken at its end still has the objects before it; a second reader is not needed for a count.
        let _ = ZlibDecoder::new(data).take(left).read_to_end(&mut plain);
        left = left.checked_sub(u64::try_from(plain.len()).ok()?)?;
        if left == 0 {
            return None;
        }
        let leaves = after(&plain, b"/Type").filter(|(_, rest)| names(rest, b"/Page"));
        found += leaves.count();
    }
    (found > 0).then_some(found)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::ZlibEncoder;
    use proptest::prelude::*;

    use super::*;

    const TREE: &str = "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj\n<< /Kids [3 0 R 4 0 R] /Type /Pages /Count 3 >>\nendobj\n\
        4 0 obj<</Type/Pages/Parent 2 0 R/Count 2>>endobj\n9 0 obj<</Type/Outlines/Count 40>>endobj\n";

    fn packed_tree() -> Vec<u8> {
        let mut packer = ZlibEncoder::new(vec![], Compression::default());
        packer
            .write_all(b"2 0 3 60 <</Type/Pages/Kids[3 0 R]/Count 2>> <</Type/Page>> <</Type /Page/Parent 2 0 R>>")
            .unwrap();
        let packed = packer.finish().unwrap();
        let head = format!(
            "%PDF-1.5\n5 0 obj<</Type/ObjStm/N 3/Length {}>>stream\r\n",
            packed.len()
        );
        [head.as_bytes(), &packed, b"\nendstream endobj\n%%EOF\n"].concat()
    }

    #[test]
    fn pages_are_counted_by_the_root_or_by_packed_leaves() {
        assert_eq!(pages(format!("{TREE}%%EOF").as_bytes()), Ok(Some(3)));
        assert_eq!(pages(&packed_tree()), Ok(Some(2)));
        assert_eq!(pages(b"%PDF-1.4\n1 0 obj<<>>endobj\n%%EOF"), Ok(None));
    }

    #[test]
    fn what_is_cut_off_locked_or_an_archive_is_refused() {
        assert_eq!(pages(TREE.as_bytes()), Err(Unfit::Broken));
        let locked = format!("{TREE}trailer<</Root 1 0 R/Encrypt 7 0 R>>\n%%EOF");
        assert_eq!(pages(locked.as_bytes()), Err(Unfit::Encrypted));
        let plain = format!("{TREE}trailer<</EncryptMetadata false>>\n%%EOF");
        assert_eq!(pages(plain.as_bytes()), Ok(Some(3)));
        let archive = format!("{TREE}%%EOF\nPK\x05\x06\0\0");
        assert_eq!(pages(archive.as_bytes()), Err(Unfit::Archive));
    }

    proptest! {
        #[test]
        fn nothing_makes_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            let whole = [b"%PDF /Type/ObjStm stream\n", bytes.as_slice(), b"%%EOF"].concat();
            let _ = pages(&whole);
        }
    }
}
