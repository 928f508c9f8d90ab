//! Through which door somebody comes who files for somebody else: what is asked of them first, what proves it, and where
//! they are led afterwards (CAS-8, RB-3).

use strum::IntoEnumIterator;

use super::controls;
use super::filing::{Typed, fault, get, known};
use crate::domain::actor::{Actor, Role};
use crate::domain::appointment::Step;
use crate::domain::form::FieldError;
use crate::domain::ids::{ParcelId, PersonId};
use crate::domain::item::ServiceItem;
use crate::domain::proxy::Document;
use crate::domain::time::Ts;
use crate::items;
use crate::store::registry::Person;
use crate::usecases::behalf::{self, Call, Proof, Whom};
use crate::usecases::{App, Error, appointing};
use crate::web::chrome::Chrome;
use crate::web::components::forms::Field as Control;
use crate::web::components::{Choice, InputKind, Opt, SummaryList, TextField};
use crate::web::problem::Failure;
use crate::web::session::SignedIn;
use crate::web::urls::{self, appointments as to};

/// The door.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Door {
    /// A handler, for a caller.
    Desk,
    /// A handler, for who stands at the counter.
    Counter,
    /// A relative or community worker.
    Behalf,
    /// A handler, for whoever sent a parcel without a form (RB-1).
    Parcel(ParcelId, Option<PersonId>),
}

/// What is asked first.
pub(super) struct Asks {
    /// The questions.
    pub fields: Vec<Control>,
    /// Nobody authorised the reader.
    pub nobody: bool,
    /// Who has the booking they came for.
    pub person: Option<SummaryList>,
}

impl Door {
    /// Who may come through it.
    pub(super) fn allows(self, user: &SignedIn) -> Result<(), Failure> {
        let roles: &[Role] = match self {
            Self::Desk | Self::Counter | Self::Parcel(..) => &[Role::Handler],
            Self::Behalf => &[Role::Resident, Role::Proxy],
        };
        Ok(user.actor.require(roles)?)
    }

    pub(super) fn action(self) -> String {
        match self {
            Self::Desk => urls::desk::file(),
            Self::Counter => to::intake(""),
            Self::Behalf => urls::behalf(),
            Self::Parcel(id, _) => urls::mailroom::take_in(id),
        }
    }

    pub(super) fn submit(self) -> String {
        match self {
            Self::Desk => urls::desk::file_submit(),
            Self::Counter => to::intake_submit(),
            Self::Behalf => urls::behalf_submit(),
            Self::Parcel(id, _) => urls::mailroom::take_in_submit(id),
        }
    }

    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Desk | Self::Behalf | Self::Parcel(..) => "behalf-title",
            Self::Counter => "intake-title",
        }
    }

    pub(super) fn lead(self) -> &'static str {
        match self {
            Self::Desk => "behalf-lead-desk",
            Self::Counter => "intake-lead",
            Self::Behalf => "behalf-lead",
            Self::Parcel(..) => "behalf-lead-parcel",
        }
    }

    /// Where the receipt is.
    pub(super) fn after(self, receipt_no: &str) -> String {
        match self {
            Self::Desk | Self::Counter => urls::desk::filed(receipt_no),
            Self::Behalf => urls::resident::receipt(receipt_no),
            Self::Parcel(id, _) => urls::mailroom::parcel(id, "taken-in"),
        }
    }

    /// Whether papers are taken in across the counter.
    pub(super) fn takes_originals(self) -> bool {
        self == Self::Counter
    }

    /// The questions of the first page.
    pub(super) async fn asks(
        self,
        chrome: &Chrome,
        app: &App,
        actor: &Actor,
        typed: &Typed,
        said: &[(String, String)],
    ) -> Result<Asks, Error> {
        let mut asks = Asks {
            fields: vec![controls::item(chrome, typed, said)],
            nobody: false,
            person: None,
        };
        match self {
            Self::Desk => {
                asks.fields.extend(controls::person(chrome, typed, said));
                asks.fields
                    .extend(controls::caller(chrome, app, typed, said));
            }
            Self::Parcel(..) => asks.fields.extend(controls::person(chrome, typed, said)),
            Self::Counter => {
                let booked = of_booking(app, actor, typed).await?;
                if booked.is_none() {
                    asks.fields.push(id_number(chrome, typed, said));
                }
                asks.person = booked.map(|person| known(chrome, &person));
                asks.fields.push(document(chrome, typed, said));
            }
            Self::Behalf => {
                let known = behalf::principals(app, actor).await?;
                asks.nobody = known.is_empty();
                let options = known.into_iter().map(|(id, name)| {
                    Opt::new(id.to_string(), name).chosen_if(get(typed, "person"))
                });
                let label = chrome.t("behalf-person");
                let choice = Choice::new(chrome.locale, "person", label, options.collect());
                asks.fields
                    .push(Control::Choice(choice.error(fault(said, "for"))));
            }
        }
        Ok(asks)
    }

    /// What the booking that was named fills in; without one, nothing.
    pub(super) async fn booked(
        self,
        app: &App,
        actor: &Actor,
        named: &Typed,
    ) -> Result<Typed, Failure> {
        let appointment = get(named, "appointment");
        if appointment.is_empty() {
            return Ok(Typed::new());
        }
        let id = appointment.parse().map_err(|_| Failure::not_found())?;
        let one = appointing::of_desk(app, actor, id).await?;
        let filled = [("appointment", appointment.to_owned()), ("item", one.item)];
        Ok(filled.map(|(name, value)| (name.to_owned(), value)).into())
    }

    /// Item and person of what was asked first.
    pub(super) async fn begin(
        self,
        app: &App,
        actor: &Actor,
        typed: &Typed,
    ) -> Result<(&'static ServiceItem, Person), Error> {
        let item =
            items::find(get(typed, "item")).ok_or_else(|| invalid("item", "item-unknown"))?;
        let proof = self.proof(app, typed);
        let proof = proof.map_err(|error| Error::Invalid(vec![error]))?;
        let whom = match proof {
            None => {
                let id = get(typed, "person").parse();
                let id = id.map_err(|_| invalid("for", "not-entrusted"))?;
                return Ok((item, behalf::person(app, actor, id).await?));
            }
            Some(Proof::Seen(_)) => match of_booking(app, actor, typed).await? {
                Some(person) => return Ok((item, person)),
                None => Whom::IdNumber(get(typed, "id_number").to_owned()),
            },
            Some(Proof::Call(call)) => {
                behalf::check_call(&call, app.clock.now())?;
                named(typed)
            }
            Some(Proof::Parcel(_)) => match self.known(typed) {
                Some(id) => return Ok((item, behalf::person(app, actor, id).await?)),
                None => named(typed),
            },
        };
        Ok((item, behalf::find(app, actor, whom).await?))
    }

    /// What proves that somebody may file for them; nothing of who does so by an authorisation.
    pub(super) fn proof(self, app: &App, typed: &Typed) -> Result<Option<Proof>, FieldError> {
        match self {
            Self::Desk => call(app, typed).map(Proof::Call).map(Some),
            Self::Counter => match get(typed, "document").parse() {
                Ok(document) => Ok(Some(Proof::Seen(document))),
                Err(_) => Err(FieldError::new("document", "choice-unknown")),
            },
            Self::Behalf => Ok(None),
            Self::Parcel(id, _) => Ok(Some(Proof::Parcel(id))),
        }
    }

    /// Whom it is for, where the mailroom found them and nobody else was named.
    fn known(self, typed: &Typed) -> Option<PersonId> {
        let named = ["id_number", "name"]
            .iter()
            .any(|name| !get(typed, name).is_empty());
        match self {
            Self::Parcel(_, person) if !named => person,
            Self::Desk | Self::Counter | Self::Behalf | Self::Parcel(..) => None,
        }
    }

    /// Whoever was filed for at the counter has come (RB-2).
    pub(super) async fn filed(self, app: &App, actor: &Actor, typed: &Typed) -> Result<(), Error> {
        let Ok(id) = get(typed, "appointment").parse() else {
            return Ok(());
        };
        match appointing::mark(app, actor, id, Step::Attend).await {
            // It was moved or given up meanwhile, or is of another day: the filing stands all the same.
            Ok(_) | Err(Error::Conflict(_)) => Ok(()),
            Err(error) => Err(error),
        }
    }
}

/// By the whole number, or by name and its last six characters.
fn named(typed: &Typed) -> Whom {
    match get(typed, "id_number") {
        "" => Whom::NameAndLastSix(
            get(typed, "name").to_owned(),
            get(typed, "last_six").to_owned(),
        ),
        number => Whom::IdNumber(number.to_owned()),
    }
}

fn invalid(field: &str, code: &str) -> Error {
    Error::Invalid(vec![FieldError::new(field, code)])
}

/// Who has the booking that is named.
async fn of_booking(app: &App, actor: &Actor, typed: &Typed) -> Result<Option<Person>, Error> {
    let Ok(id) = get(typed, "appointment").parse() else {
        return Ok(None);
    };
    let one = appointing::of_desk(app, actor, id).await?;
    behalf::person(app, actor, one.person).await.map(Some)
}

/// The call back as it was typed; a time of day is today's.
fn call(app: &App, typed: &Typed) -> Result<Call, FieldError> {
    let time = chrono::NaiveTime::parse_from_str(get(typed, "at"), "%H:%M");
    let time = time.map_err(|_| FieldError::new("call_back.at", "time-malformed"))?;
    Ok(Call {
        number: get(typed, "number").to_owned(),
        result: get(typed, "result").to_owned(),
        at: Some(Ts::from_beijing(app.clock.now().day(), time)),
    })
}

fn id_number(chrome: &Chrome, typed: &Typed, said: &[(String, String)]) -> Control {
    let line = TextField::new(chrome.locale, "id_number", chrome.t("behalf-id_number"))
        .kind(InputKind::IdNumber)
        .value(get(typed, "id_number"))
        .error(fault(said, "for"));
    Control::Text(line)
}

fn document(chrome: &Chrome, typed: &Typed, said: &[(String, String)]) -> Control {
    let options = Document::iter().map(|document| {
        Opt::new(document.as_str(), chrome.t(&format!("document-{document}")))
            .chosen_if(get(typed, "document"))
    });
    let label = chrome.t("intake-document");
    let choice = Choice::new(chrome.locale, "document", label, options.collect());
    Control::Choice(
        choice
            .hint(chrome.t("intake-document-hint"))
            .error(fault(said, "document")),
    )
}
