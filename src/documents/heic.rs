//! Photographs of phones in HEIC: kept as they are but for what tells of the taking (EXIF with its place, XMP), whose bytes are
//! blanked where they stand. How a picture is turned stands elsewhere in these files and stays. One whose parts can't be found is
//! refused, so that no place is kept by mistake. Pure.

/// A picture without data about its taking, and its pixels; `None` when it can't be read.
pub fn strip(bytes: &[u8]) -> Option<(Vec<u8>, u64)> {
    let (_, meta) = boxes(bytes, 0, bytes.len()).find(|(kind, _)| kind == b"meta")?;
    // A full box: version and flags stand before its parts.
    let parts: Vec<(Kind, Part)> = boxes(bytes, meta.from.checked_add(4)?, meta.to).collect();
    let part = |wanted: &Kind| {
        parts
            .iter()
            .find(|(kind, _)| kind == wanted)
            .map(|(_, part)| *part)
    };
    let told: Vec<u32> = items_that_tell(bytes, part(b"iinf")?)?;
    let pixels = pixels(bytes, part(b"iprp")?)?;
    let mut out = bytes.to_vec();
    if !told.is_empty() {
        let data = part(b"idat").map_or(0, |part| part.from);
        let places = places(bytes, part(b"iloc")?, data)?;
        for id in told {
            let mut found = places.iter().filter(|place| place.item == id).peekable();
            found.peek()?;
            for place in found {
                out.get_mut(place.from..place.to)?.fill(0);
            }
        }
    }
    Some((out, pixels))
}

type Kind = [u8; 4];

/// Where the content of a box stands.
#[derive(Clone, Copy, Debug)]
struct Part {
    from: usize,
    to: usize,
}

/// The boxes between two places; it ends at the first that can't be one.
fn boxes(bytes: &[u8], from: usize, to: usize) -> impl Iterator<Item = (Kind, Part)> {
    let mut at = from;
    std::iter::from_fn(move || {
        let mut read = Reader { bytes, at };
        let short = read.number(4)?;
        let kind: Kind = read.take(4)?.try_into().ok()?;
        let size = match short {
            // The largest ones write their length after the name; the last one goes to the end.
            1 => read.number(8)?,
            0 => to.checked_sub(at)?,
            short => short,
        };
        let end = at.checked_add(size)?;
        let part = Part {
            from: read.at,
            to: end,
        };
        if end > to || read.at > end {
            return None;
        }
        at = end;
        Some((kind, part))
    })
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let end = self.at.checked_add(count)?;
        let found = self.bytes.get(self.at..end)?;
        self.at = end;
        Some(found)
    }

    /// A number of so many bytes, 0 to 8.
    fn number(&mut self, count: usize) -> Option<usize> {
        let bytes = self.take(count)?;
        let number = bytes.iter().try_fold(0_u64, |sum, byte| {
            Some(sum.checked_mul(256)? + u64::from(*byte))
        })?;
        usize::try_from(number).ok()
    }

    fn id(&mut self, count: usize) -> Option<u32> {
        u32::try_from(self.number(count)?).ok()
    }
}

/// The items that hold EXIF or XMP.
fn items_that_tell(bytes: &[u8], part: Part) -> Option<Vec<u32>> {
    let mut read = Reader {
        bytes,
        at: part.from,
    };
    let version = read.number(1)?;
    read.take(3)?;
    read.number(if version == 0 { 2 } else { 4 })?;
    let mut found = vec![];
    for (kind, entry) in boxes(bytes, read.at, part.to) {
        let mut read = Reader {
            bytes,
            at: entry.from,
        };
        let version = read.number(1)?;
        if &kind != b"infe" || version < 2 {
            continue;
        }
        read.take(3)?;
        let id = read.id(if version == 2 { 2 } else { 4 })?;
        read.take(2)?;
        if matches!(read.take(4)?, b"Exif" | b"mime") {
            found.push(id);
        }
    }
    Some(found)
}

/// The largest picture's pixels.
fn pixels(bytes: &[u8], part: Part) -> Option<u64> {
    let (_, properties) = boxes(bytes, part.from, part.to).find(|(kind, _)| kind == b"ipco")?;
    let sizes = boxes(bytes, properties.from, properties.to).filter(|(kind, _)| kind == b"ispe");
    sizes
        .filter_map(|(_, size)| {
            let mut read = Reader {
                bytes,
                at: size.from,
            };
            read.take(4)?;
            let (width, height) = (read.id(4)?, read.id(4)?);
            Some(u64::from(width) * u64::from(height))
        })
        .max()
}

/// A piece of an item.
struct Place {
    item: u32,
    from: usize,
    to: usize,
}

/// Where the pieces of all items stand: in the file, or in the box of data at `data`.
fn places(bytes: &[u8], part: Part, data: usize) -> Option<Vec<Place>> {
    let mut read = Reader {
        bytes,
        at: part.from,
    };
    let version = read.number(1)?;
    read.take(3)?;
    let (sizes, more) = (read.number(1)?, read.number(1)?);
    let (offset, length, base, index) = (sizes >> 4, sizes & 15, more >> 4, more & 15);
    let index = if version == 0 { 0 } else { index };
    let wide = if version < 2 { 2 } else { 4 };
    let count = read.number(wide)?;
    let mut found = vec![];
    for _ in 0..count {
        let item = read.id(wide)?;
        let method = match version {
            0 => 0,
            _ => read.number(2)? & 15,
        };
        read.take(2)?;
        let base = read.number(base)?;
        let begin = match method {
            0 => base,
            1 => data.checked_add(base)?,
            // Built from other items: there is nothing to blank.
            _ => return None,
        };
        for _ in 0..read.number(2)? {
            read.take(index)?;
            let from = begin.checked_add(read.number(offset)?)?;
            let to = from.checked_add(read.number(length)?)?;
            found.push(Place { item, from, to });
        }
        if read.at > part.to {
            return None;
        }
    }
    Some(found)
}

/// The smallest file of the kind, with a place in it; for tests of whoever reads uploads.
#[cfg(test)]
pub fn sample(width: u32, height: u32, place: &[u8]) -> Vec<u8> {
    let boxed = |kind: &[u8], content: &[u8]| {
        let size = u32::try_from(content.len() + 8).unwrap().to_be_bytes();
        [size.as_slice(), kind, content].concat()
    };
    let kind = boxed(b"ftyp", b"heic\0\0\0\0heicmif1");
    let entry = |id: u8, kind: &[u8]| {
        let content = [b"\x02\0\0\0\0".as_slice(), &[id, 0, 0], kind, b"\0"].concat();
        boxed(b"infe", &content)
    };
    let entries = [entry(1, b"hvc1"), entry(2, b"Exif")].concat();
    let list = boxed(b"iinf", &[b"\0\0\0\0\0\x02".as_slice(), &entries].concat());
    let size = [
        b"\0\0\0\0".as_slice(),
        &width.to_be_bytes(),
        &height.to_be_bytes(),
    ]
    .concat();
    let sizes = boxed(b"iprp", &boxed(b"ipco", &boxed(b"ispe", &size)));
    let length = u32::try_from(place.len()).unwrap().to_be_bytes();
    // Version 1, offsets and lengths of four bytes, one item in the box of data.
    let located = [
        b"\x01\0\0\0\x44\0\0\x01\0\x02\0\x01\0\0\0\x01\0\0\0\0".as_slice(),
        &length,
    ]
    .concat();
    let located = boxed(b"iloc", &located);
    let data = boxed(b"idat", place);
    let meta = boxed(
        b"meta",
        &[b"\0\0\0\0".as_slice(), &list, &sizes, &located, &data].concat(),
    );
    [kind, meta, boxed(b"mdat", b"picture")].concat()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const PLACE: &[u8] = b"\0\0\0\0Exif GPS-37.5131-122.1204";

    #[test]
    fn the_place_is_blanked_and_everything_else_stays() {
        let shot = sample(40, 30, PLACE);
        let (clean, pixels) = strip(&shot).unwrap();
        assert_eq!((clean.len(), pixels), (shot.len(), 1_200));
        assert!(!clean.windows(3).any(|part| part == b"GPS"));
        assert!(clean.ends_with(b"picture"));
        let differ = shot.iter().zip(&clean).filter(|(one, other)| one != other);
        assert!(differ.count() <= PLACE.len());
    }

    proptest! {
        #[test]
        fn nothing_makes_it_panic(at in 0_usize..300, byte in any::<u8>()) {
            let mut shot = sample(40, 30, PLACE);
            let at = at % shot.len();
            shot[at] = byte;
            let _ = strip(&shot);
            let _ = strip(&shot[..at]);
        }
    }
}
