//! Makes requests out of an OpenAPI document: values that fit a schema, and broken ones. The same seed makes the
//! same requests. Nothing here sends anything.

use serde_json::{Map, Value, json};

/// Texts that have broken programs.
const NASTY: &[&str] = &[
    "",
    " ",
    "0",
    "-1",
    "1e400",
    "NaN",
    "null",
    "true",
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "' OR 1=1 --",
    "'; DROP TABLE cases; --",
    "%",
    "_",
    "{{7*7}}",
    "${jndi:ldap://x}",
    "a\r\nSet-Cookie: x=y",
    "nul\0nul",
    "\u{202e}txet",
    "\u{200b}\u{feff}",
    "\u{1b}[31m",
    "𠮷䶮㛃",
    "阿里·测试",
    "＝1+1",
    "=cmd|' /C calc'!A0",
    "../../../../etc/passwd",
    "\u{ffff}",
    "🀄",
    "2026-02-30",
    "9999-12-31",
    "-0001-01-01",
    "99999999999999999999",
    "2026-11-24T10:00:00+99:99",
    "371000-20261124-00001-0",
    "11010519491231002X",
    "00000000-0000-0000-0000-000000000000",
];

/// Names of fields that the service keeps for itself.
const OVERPOSTED: &[&str] = &[
    "state", "holder", "role", "amount", "pool", "person", "agency", "id", "account", "filed_by",
];

/// SplitMix64: small, and the same everywhere.
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    pub fn seeded(seed: u64) -> Self {
        Self(seed)
    }

    pub fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        (self.roll() % end as u64) as usize
    }

    /// Once in `times`.
    pub fn one_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }

    pub fn nasty(&mut self) -> String {
        match self.below(8) {
            0 => "x".repeat(self.below(5_000)),
            1 => self.characters(),
            _ => (*self.pick(NASTY)).to_owned(),
        }
    }

    /// Any characters.
    fn characters(&mut self) -> String {
        let count = self.below(40);
        (0..count)
            .map(|_| char::from_u32(self.roll() as u32 % 0x11_0000).unwrap_or('\u{fffd}'))
            .collect()
    }
}

/// A document and words that make sense in it.
pub struct Generator<'a> {
    pub document: &'a Value,
    /// Values that fit a field or parameter of a name.
    pub known: &'a dyn Fn(&str, &mut Dice) -> Option<String>,
}

impl Generator<'_> {
    /// A value of a schema; `broken` in some places now and then.
    pub fn value(&self, name: &str, schema: &Value, dice: &mut Dice, depth: usize) -> Value {
        if dice.one_in(12) {
            return anything(dice, depth);
        }
        let schema = self.resolved(schema);
        if let Some(choices) = ["oneOf", "anyOf"]
            .iter()
            .find_map(|k| schema[*k].as_array())
        {
            let choice = dice.pick(choices).clone();
            return self.value(name, &choice, dice, depth);
        }
        let kind = match &schema["type"] {
            Value::Array(kinds) => dice.pick(kinds).clone(),
            one => one.clone(),
        };
        match kind.as_str() {
            Some("integer" | "number") => json!(dice.below(4)),
            Some("boolean") => json!(dice.one_in(2)),
            Some("null") => Value::Null,
            Some("array") => {
                let count = dice.below(3);
                (0..count)
                    .map(|_| self.value(name, &schema["items"], dice, depth + 1))
                    .collect()
            }
            Some("object") if schema["properties"].is_object() => self.object(schema, dice, depth),
            Some("object") => self.open_object(name, dice, depth),
            _ => self.text(name, dice).into(),
        }
    }

    fn resolved<'s>(&'s self, schema: &'s Value) -> &'s Value {
        match schema["$ref"].as_str() {
            Some(path) => self.document.pointer(path.trim_start_matches('#')).unwrap(),
            None => schema,
        }
    }

    fn object(&self, schema: &Value, dice: &mut Dice, depth: usize) -> Value {
        let mut made = Map::new();
        for (name, property) in schema["properties"].as_object().unwrap() {
            if !dice.one_in(6) {
                made.insert(name.clone(), self.value(name, property, dice, depth + 1));
            }
        }
        overpost(&mut made, dice);
        Value::Object(made)
    }

    /// Answers: fields by names that the document does not tell.
    fn open_object(&self, name: &str, dice: &mut Dice, depth: usize) -> Value {
        let mut made = Map::new();
        for field in [
            "kind",
            "destination",
            "start",
            "end",
            "phone",
            "pledge",
            "registration",
            "reason",
        ] {
            if dice.one_in(8) {
                made.insert(field.to_owned(), anything(dice, depth + 1));
            } else if !dice.one_in(6) {
                let value = match field {
                    "pledge" => json!(!dice.one_in(5)),
                    _ => self.text(&format!("{name}.{field}"), dice).into(),
                };
                made.insert(field.to_owned(), value);
            }
        }
        overpost(&mut made, dice);
        Value::Object(made)
    }

    /// A text that fits the name, or a nasty one.
    pub fn text(&self, name: &str, dice: &mut Dice) -> String {
        match (self.known)(name, dice) {
            Some(known) if !dice.one_in(6) => known,
            _ => dice.nasty(),
        }
    }
}

fn overpost(made: &mut Map<String, Value>, dice: &mut Dice) {
    if dice.one_in(3) {
        let name = (*dice.pick(OVERPOSTED)).to_owned();
        made.insert(name, anything(dice, 2));
    }
}

/// Any JSON.
pub fn anything(dice: &mut Dice, depth: usize) -> Value {
    let kinds = if depth > 3 { 6 } else { 8 };
    match dice.below(kinds) {
        0 => Value::Null,
        1 => json!(dice.one_in(2)),
        2 => json!(dice.roll()),
        3 => json!(-(dice.below(1_000_000) as i64)),
        4 => json!(1.0e300),
        5 => json!(dice.nasty()),
        6 => (0..dice.below(4))
            .map(|_| anything(dice, depth + 1))
            .collect(),
        _ => {
            let count = dice.below(4);
            let made = (0..count).map(|_| (dice.nasty(), anything(dice, depth + 1)));
            Value::Object(made.collect())
        }
    }
}

/// The bytes of a body: as JSON, or broken as no JSON value can be.
pub fn bytes(value: &Value, dice: &mut Dice) -> Vec<u8> {
    let mut text = value.to_string().into_bytes();
    match dice.below(24) {
        // Cut off.
        0 => text.truncate(dice.below(text.len() + 1)),
        // A lone surrogate, an overlong form, a byte that is no UTF-8.
        1 => replace(&mut text, b"\"", b"\"\\ud800"),
        2 => replace(&mut text, b"\"", b"\"\xc0\x80"),
        3 => {
            let at = dice.below(text.len() + 1);
            text.insert(at, (dice.roll() % 256) as u8);
        }
        // The same name twice.
        4 => replace(&mut text, b"{", b"{\"version\":1,\"version\":2,"),
        // Very deep.
        5 => text = [vec![b'['; 20_000], text].concat(),
        6 => text = [b"{\"a\":".repeat(5_000), text].concat(),
        // Numbers that JSON knows and programs don't.
        7 => replace(&mut text, b"1", b"1e999"),
        8 => replace(&mut text, b"1", b"1.0000000000000000000000001"),
        9 => text = [b"\xef\xbb\xbf".to_vec(), text].concat(),
        10 => text.extend_from_slice(b"{}"),
        11 => replace(&mut text, b"\"", b"\"\\u0000"),
        _ => {}
    }
    text
}

fn replace(text: &mut Vec<u8>, what: &[u8], with: &[u8]) {
    if let Some(at) = text.windows(what.len()).position(|window| window == what) {
        text.splice(at..at + what.len(), with.iter().copied());
    }
}

#[test]
fn the_same_seed_makes_the_same_request_and_broken_ones_are_among_them() {
    let document = json!({ "components": { "schemas": { "A": { "type": "object", "properties": {
        "version": { "type": "integer" }, "reason": { "type": ["string", "null"] } } } } } });
    let known = |name: &str, _: &mut Dice| (name == "reason").then(|| "why".to_owned());
    let generator = Generator {
        document: &document,
        known: &known,
    };
    let schema = json!({ "$ref": "#/components/schemas/A" });
    let made = |seed| {
        let mut dice = Dice::seeded(seed);
        let value = generator.value("", &schema, &mut dice, 0);
        bytes(&value, &mut dice)
    };
    assert_eq!(made(1), made(1));
    let all: Vec<Vec<u8>> = (0..300).map(made).collect();
    let read = |bytes: &Vec<u8>| serde_json::from_slice::<Value>(bytes).ok();
    let good = all
        .iter()
        .filter_map(read)
        .filter(|v| v["reason"] == "why" && v["version"].is_u64());
    assert!(good.count() > 15);
    assert!(all.iter().filter(|bytes| read(bytes).is_none()).count() > 20);
    assert!(
        all.iter()
            .filter(|bytes| std::str::from_utf8(bytes).is_err())
            .count()
            > 2
    );
}
