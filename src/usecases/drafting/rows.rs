//! Lines of a draft's answers, such as invoices and costs (RB-5): typed one by one, taken off, brought as a whole list. They are
//! kept as typed, the one that is being typed too; rules are asked where a question is left.

use serde_json::{Map, Value};

use super::{expiry, short};
use crate::domain::actor::Actor;
use crate::domain::form::{self, Answers, Field, FieldError, Kind};
use crate::domain::ids::CaseId;
use crate::domain::item::ServiceItem;
use crate::domain::money::Fen;
use crate::items;
use crate::store::drafts;
use crate::usecases::App;
use crate::usecases::error::Error;

/// What the line is called that is being typed.
pub const NEW: &str = "new";

/// The columns of a field of lines, and how many lines it takes.
pub fn columns(field: &Field) -> Option<(&'static [Field], usize)> {
    match field.kind {
        Kind::Rows { columns, most } => Some((columns, most)),
        Kind::Choice(_)
        | Kind::Region
        | Kind::Day
        | Kind::Phone
        | Kind::Text(_)
        | Kind::Pledge
        | Kind::Registration
        | Kind::Money
        | Kind::Account
        | Kind::Institution => None,
    }
}

/// The line that is being typed.
pub fn being_typed(answers: &Answers, field: &str) -> Answers {
    let typed = answers.value(&being_typed_at(field));
    let cells = typed.and_then(Value::as_object).cloned();
    cells.unwrap_or_default().into_iter().collect()
}

fn being_typed_at(field: &str) -> String {
    format!("{field}.{NEW}")
}

fn is_blank(row: &Answers) -> bool {
    row.iter()
        .all(|(_, value)| value.as_str().is_some_and(|text| text.trim().is_empty()))
}

/// A cell as it was typed.
pub fn typed(column: &Field, row: &Answers) -> String {
    form::rows::typed(column, row)
}

/// What the lines come to; what is no amount counts nothing, and `None` is beyond what can be counted.
pub fn sum(answers: &Answers, field: &Field) -> Option<Fen> {
    let (columns, _) = columns(field)?;
    let column = columns.iter().find(|one| matches!(one.kind, Kind::Money))?;
    let rows = answers.rows(field.name);
    let mut amounts = rows.iter().filter_map(|row| match row.fen(column.name) {
        Some(fen) => Some(fen),
        None => Fen::parse(row.text(column.name)?).ok(),
    });
    amounts.try_fold(Fen::default(), Fen::plus)
}

fn set_rows(answers: &mut Answers, field: &str, rows: Vec<Answers>) {
    let rows: Vec<Value> = rows.iter().map(Answers::to_json).collect();
    answers.set(field, rows);
}

/// Keeps what was typed under a name: a field's, or a cell's (`lines.3.amount`, `lines.new.amount`). Other names are ignored.
pub(super) fn put(item: &ServiceItem, answers: &mut Answers, name: &str, typed: &str) {
    match item.form.field(name) {
        Some(field) if columns(field).is_some() => {}
        Some(_) => answers.set(name, short(typed)),
        None => {
            put_cell(item, answers, name, typed);
        }
    }
}

fn put_cell(item: &ServiceItem, answers: &mut Answers, name: &str, typed: &str) -> Option<()> {
    let mut parts = name.splitn(3, '.');
    let (field, place, column) = (parts.next()?, parts.next()?, parts.next()?);
    let (columns, _) = columns(item.form.field(field)?)?;
    columns.iter().find(|one| one.name == column)?;
    if place == NEW {
        let mut row = being_typed(answers, field);
        row.set(column, short(typed));
        answers.set(&being_typed_at(field), row.to_json());
        return Some(());
    }
    let mut rows = answers.rows(field);
    let at = place.parse::<usize>().ok()?.checked_sub(1)?;
    rows.get_mut(at)?.set(column, short(typed));
    set_rows(answers, field, rows);
    Some(())
}

/// Keeps what was typed, and puts the line that was being typed below the others; returns its number, from 1, where there was
/// one. A question that is left without any line counts as answered.
///
/// # Errors
/// [`Error::NotFound`] for a draft of somebody else, [`Error::Invalid`] beyond the most lines.
pub async fn add(
    app: &App,
    actor: &Actor,
    id: CaseId,
    field: &'static Field,
    typed: Vec<(String, String)>,
) -> Result<Option<usize>, Error> {
    change(app, actor, id, move |item, answers| {
        for (name, value) in &typed {
            put(item, answers, name, value);
        }
        let (_, most) = columns(field).ok_or(Error::NotFound)?;
        let row = being_typed(answers, field.name);
        let mut rows = answers.rows(field.name);
        let added = !is_blank(&row);
        if added {
            if rows.len() >= most {
                return Err(too_many(field, most));
            }
            rows.push(row);
            answers.remove(&being_typed_at(field.name));
        }
        let number = rows.len();
        set_rows(answers, field.name, rows);
        Ok(added.then_some(number))
    })
    .await
}

fn too_many(field: &Field, most: usize) -> Error {
    let error = FieldError::new(field.name, "rows-too-many").with("most", most);
    Error::Invalid(vec![error])
}

/// Takes a line off, unless the lines are others by now than the reader has `seen`.
///
/// # Errors
/// [`Error::NotFound`] for a draft of somebody else.
pub async fn remove(
    app: &App,
    actor: &Actor,
    id: CaseId,
    field: &'static Field,
    (number, seen): (usize, usize),
) -> Result<(), Error> {
    change(app, actor, id, move |_, answers| {
        let mut rows = answers.rows(field.name);
        if rows.len() == seen && (1..=seen).contains(&number) {
            rows.remove(number - 1);
            set_rows(answers, field.name, rows);
        }
        Ok(())
    })
    .await
}

/// Puts a whole list in the place of the lines that are there.
///
/// # Errors
/// [`Error::NotFound`] for a draft of somebody else, [`Error::Invalid`] beyond the most lines.
pub async fn replace(
    app: &App,
    actor: &Actor,
    id: CaseId,
    field: &'static Field,
    rows: Vec<Answers>,
) -> Result<(), Error> {
    change(app, actor, id, move |_, answers| {
        let (_, most) = columns(field).ok_or(Error::NotFound)?;
        if rows.len() > most {
            return Err(too_many(field, most));
        }
        set_rows(answers, field.name, rows.clone());
        Ok(())
    })
    .await
}

async fn change<T: Send + 'static>(
    app: &App,
    actor: &Actor,
    id: CaseId,
    what: impl Fn(&'static ServiceItem, &mut Answers) -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    let (app, account) = (app.clone(), actor.account);
    let now = app.clock.now();
    let db = app.db.clone();
    db.write(move |conn| {
        let draft = drafts::find(conn, account, id)?.ok_or(Error::NotFound)?;
        let item = items::find(&draft.item).ok_or(Error::NotFound)?;
        let mut answers = draft.answers;
        let done = what(item, &mut answers)?;
        drafts::save(conn, id, &answers, now, expiry(&app, draft.pool, now))?;
        Ok(done)
    })
    .await
}

/// Keeps what was typed, unchecked; fields the form does not have are ignored.
///
/// # Errors
/// [`Error::NotFound`] for a draft of somebody else.
pub async fn save(
    app: &App,
    actor: &Actor,
    id: CaseId,
    typed: Vec<(String, String)>,
) -> Result<(), Error> {
    change(app, actor, id, move |item, answers| {
        for (name, value) in &typed {
            put(item, answers, name, value);
        }
        Ok(())
    })
    .await
}

/// Typed answers as they are submitted; pledges as `pledged`. A line that was being typed and never added is none.
pub(super) fn raw(item: &ServiceItem, typed: &Answers, pledged: bool) -> Map<String, Value> {
    let fields = item.form.fields.iter();
    fields
        .filter(|field| field.is_asked(typed))
        .filter_map(|field| match field.kind {
            Kind::Pledge => Some((field.name.to_owned(), Value::from(pledged))),
            _ => Some((field.name.to_owned(), typed.value(field.name)?.clone())),
        })
        .collect()
}
