//! Inbox and outbox: written in the transaction that causes them, read by their owner and by the worker.

use std::cell::Cell;
use std::collections::BTreeMap;

use diesel::prelude::*;
use serde_json::Value;
use uuid::Uuid;

use super::conn::Conn;
use super::error::StoreError;
use super::fragments::any_of;
use super::many::{self, Holds};
use super::schema::{account, inbox, notification_choice, outbox, person};
use crate::domain::case::Case;
use crate::domain::ids::{AccountId, CaseId, Identifier, MessageId};
use crate::domain::locale::Locale;
use crate::domain::notice::{Channel, Choices, Kind, Notice, channels};
use crate::domain::phone::{Phone, PhoneKind};
use crate::domain::place::Pool;
use crate::domain::time::Ts;

/// Where a notice goes: into the inbox, and by the channels that lead to somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addressee {
    /// The login.
    pub account: AccountId,
    /// Its language.
    pub locale: Locale,
    /// Its address of mail.
    pub email: Option<String>,
    /// Its mobile phone.
    pub phone: Option<String>,
    /// What it has switched off.
    pub choices: Choices,
}

impl Addressee {
    /// The address by a channel.
    pub fn address(&self, channel: Channel) -> Option<&str> {
        match channel {
            Channel::Email => self.email.as_deref(),
            Channel::Sms => self.phone.as_deref(),
        }
    }
}

type Sealed = Option<Vec<u8>>;
type AddresseeRow = (AccountId, Locale, Sealed, Sealed, Sealed, Option<String>);

/// The addressee of a login; the account's address of mail comes before the registry's, the phone is the registry's.
pub fn addressee(conn: &mut Conn<'_>, id: AccountId) -> Result<Option<Addressee>, StoreError> {
    Ok(addressees(conn, &[id])?.remove(&id))
}

/// The addressees of some logins, in one statement.
pub fn addressees(
    conn: &mut Conn<'_>,
    ids: &[AccountId],
) -> Result<BTreeMap<AccountId, Addressee>, StoreError> {
    let rows: Vec<AddresseeRow> = account::table
        .left_join(person::table.on(person::id.nullable().eq(account::person_id)))
        .left_join(notification_choice::table.on(notification_choice::account_id.eq(account::id)))
        .filter(any_of(account::id, ids))
        .select((
            account::id,
            account::locale,
            account::email,
            person::email.nullable(),
            person::phone.nullable(),
            notification_choice::switched_off.nullable(),
        ))
        .load(conn.sql)?;
    let open = |sealed: Sealed| {
        sealed
            .map(|sealed| conn.vault.open_text(&sealed))
            .transpose()
    };
    rows.into_iter()
        .map(|(account, locale, own, registered, phone, off)| {
            let found = Addressee {
                account,
                locale,
                email: open(own.or(registered))?,
                phone: open(phone)?.filter(|phone| is_mobile(phone)),
                choices: Choices::parse(off.as_deref().unwrap_or_default()),
            };
            Ok((account, found))
        })
        .collect()
}

/// Whether a number takes SMS; a fixed line does not.
fn is_mobile(number: &str) -> bool {
    Phone::parse(number).is_ok_and(|phone| phone.kind() == PhoneKind::Mobile)
}

/// Identifiers for the rows of messages, made before the transaction that writes them: however many are told, each
/// row has one of its own, in the order of writing.
#[derive(Clone, Debug)]
pub struct Bag {
    first: Uuid,
    taken: Cell<u16>,
}

impl Bag {
    /// A bag of a fresh identifier.
    pub fn of(first: MessageId) -> Self {
        Self {
            first: first.uuid(),
            taken: Cell::new(0),
        }
    }

    /// The next one: the last 16 of its random bits are counted on.
    fn next(&self) -> MessageId {
        let taken = self.taken.get();
        self.taken.set(taken.wrapping_add(1));
        let number = self.first.as_u128();
        let low = u128::from(u16::MAX);
        MessageId::from(Uuid::from_u128((number & !low) | u128::from(taken)))
    }
}

/// The channels by which a notice of a kind goes to an addressee, with the address of each.
fn ways(to: &Addressee, kind: Kind) -> impl Iterator<Item = (Channel, &str)> {
    channels(kind, |channel| to.address(channel).is_some(), &to.choices)
        .filter_map(|channel| Some((channel, to.address(channel)?)))
}

/// What a notice is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// The pool.
    pub pool: Pool,
    /// The case, its number and the number of the event, where it is about one.
    pub case: Option<(CaseId, String, i32)>,
}

impl Subject {
    /// A case as it stands.
    pub fn case(case: &Case) -> Result<Self, StoreError> {
        let number = i32::try_from(case.version).map_err(|e| StoreError::Corrupt(e.to_string()))?;
        Ok(Self {
            pool: case.pool,
            case: Some((case.id, case.receipt_no.clone(), number)),
        })
    }
}

/// When a notice is written: the business time it tells, and the machine's, from which on it is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Written {
    /// Business time.
    pub at: Ts,
    /// The machine's time: leases and back-off run on it.
    pub real: Ts,
}

/// Writes a notice about a case into inbox and outbox.
pub fn post(
    conn: &mut Conn<'_>,
    case: &Case,
    to: &Addressee,
    notice: &Notice,
    ids: &Bag,
    at: Ts,
    real: Ts,
) -> Result<(), StoreError> {
    let written = Written { at, real };
    post_about(conn, &Subject::case(case)?, to, notice, ids, written)
}

/// Writes a notice into the inbox, and into the outbox once for each channel that it takes.
pub fn post_about(
    conn: &mut Conn<'_>,
    about: &Subject,
    to: &Addressee,
    notice: &Notice,
    ids: &Bag,
    written: Written,
) -> Result<(), StoreError> {
    let particulars = serde_json::to_string(&notice.particulars)
        .map_err(|e| StoreError::Corrupt(e.to_string()))?;
    let (case, receipt_no, number) = match &about.case {
        Some((case, receipt_no, number)) => (Some(*case), Some(receipt_no), Some(*number)),
        None => (None, None, None),
    };
    diesel::insert_into(inbox::table)
        .values((
            inbox::pool.eq(about.pool),
            inbox::id.eq(ids.next()),
            inbox::account_id.eq(to.account),
            inbox::case_id.eq(case),
            inbox::receipt_no.eq(receipt_no),
            inbox::event_number.eq(number),
            inbox::notice.eq(notice.kind.as_str()),
            inbox::particulars.eq(&particulars),
            inbox::created_at.eq(written.at),
        ))
        .execute(conn.sql)?;
    for (channel, address) in ways(to, notice.kind) {
        diesel::insert_into(outbox::table)
            .values((
                outbox::pool.eq(about.pool),
                outbox::id.eq(ids.next()),
                outbox::case_id.eq(case),
                outbox::event_number.eq(number),
                outbox::account_id.eq(to.account),
                outbox::channel.eq(channel.as_str()),
                outbox::address.eq(conn.vault.seal_text(address)?),
                outbox::notice.eq(notice.kind.as_str()),
                outbox::locale.eq(to.locale),
                outbox::particulars.eq(&particulars),
                outbox::created_at.eq(written.at),
                outbox::state.eq("waiting"),
                outbox::attempts.eq(0),
                outbox::next_at.eq(written.real),
            ))
            .execute(conn.sql)?;
    }
    Ok(())
}

/// A notice of many that are written together: about one case, or about several of one pool.
#[derive(Clone, Debug)]
pub struct Letter<'a> {
    /// To whom.
    pub to: &'a Addressee,
    /// The pool of what it is about.
    pub pool: Pool,
    /// The case it is about, as its event left it; none when it is about several.
    pub about: Option<&'a Case>,
    /// The notice.
    pub notice: Notice,
}

/// Writes many notices into inbox and outbox, in one statement each.
pub fn post_together(
    conn: &mut Conn<'_>,
    letters: &[Letter<'_>],
    ids: &Bag,
    at: Ts,
    real: Ts,
) -> Result<(), StoreError> {
    let (mut inbox, mut outbox) = (vec![], vec![]);
    for letter in letters {
        let particulars = serde_json::to_string(&letter.notice.particulars)
            .map_err(|e| StoreError::Corrupt(e.to_string()))?;
        let case = letter.about.map_or(Value::Null, |case| many::id(case.id));
        let number = letter.about.map_or(Value::Null, |case| case.version.into());
        let kind = letter.notice.kind.as_str();
        inbox.push(vec![
            letter.pool.as_str().into(),
            many::id(ids.next()),
            many::id(letter.to.account),
            case.clone(),
            letter.about.map(|case| case.receipt_no.as_str()).into(),
            number.clone(),
            kind.into(),
            particulars.as_str().into(),
            many::instant(at),
        ]);
        for (channel, address) in ways(letter.to, letter.notice.kind) {
            outbox.push(vec![
                letter.pool.as_str().into(),
                many::id(ids.next()),
                case.clone(),
                number.clone(),
                many::id(letter.to.account),
                channel.as_str().into(),
                many::bytes(&conn.vault.seal_text(address)?),
                kind.into(),
                letter.to.locale.as_str().into(),
                particulars.as_str().into(),
                many::instant(at),
                "waiting".into(),
                0.into(),
                // Back-off runs on the machine's clock.
                many::instant(real),
            ]);
        }
    }
    many::insert(conn.sql, "inbox", INBOX, inbox)?;
    many::insert(conn.sql, "outbox", OUTBOX, outbox)?;
    Ok(())
}

const INBOX: &[many::Column] = &[
    ("pool", Holds::Text),
    ("id", Holds::Id),
    ("account_id", Holds::Id),
    ("case_id", Holds::Id),
    ("receipt_no", Holds::Text),
    ("event_number", Holds::Number),
    ("notice", Holds::Text),
    ("particulars", Holds::Text),
    ("created_at", Holds::Instant),
];

const OUTBOX: &[many::Column] = &[
    ("pool", Holds::Text),
    ("id", Holds::Id),
    ("case_id", Holds::Id),
    ("event_number", Holds::Number),
    ("account_id", Holds::Id),
    ("channel", Holds::Text),
    ("address", Holds::Bytes),
    ("notice", Holds::Text),
    ("locale", Holds::Text),
    ("particulars", Holds::Text),
    ("created_at", Holds::Instant),
    ("state", Holds::Text),
    ("attempts", Holds::Number),
    ("next_at", Holds::Instant),
];
