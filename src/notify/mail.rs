//! Letters by e-mail. The message id and everything else that a message holds follow from its row in the outbox,
//! so that a second copy is the same message. Errors never repeat what the server said: it may hold addresses.

use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart, SinglePart};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::{Message, SmtpTransport, Transport};

use super::letter::Letter;
use crate::config::{Mail, MailTls};
use crate::domain::ids::MessageId;
use crate::domain::time::Ts;

/// Why a message was not taken. Told without any address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MailError {
    /// What is stored as the address is none.
    #[error("not an address")]
    Address,
    /// The settings of the mail server can't be used.
    #[error("the sender or the server's name can't be used")]
    Settings,
    /// The message could not be put together.
    #[error("the message could not be written")]
    Message,
    /// The server said no.
    #[error("the server answered {0}")]
    Refused(u16),
    /// The server did not answer in time.
    #[error("no answer in time")]
    TimedOut,
    /// The server's answer was no SMTP, or broke off.
    #[error("an answer that is no SMTP, or broke off")]
    NotUnderstood,
    /// The connection could not be secured.
    #[error("the connection could not be secured")]
    Tls,
    /// Not reached.
    #[error("not reached")]
    Connection,
}

/// One message for one recipient.
#[derive(Clone, Debug)]
pub struct Outgoing {
    /// Its row in the outbox.
    pub id: MessageId,
    /// When it was written.
    pub at: Ts,
    /// Where it goes.
    pub to: String,
    /// What it says.
    pub letter: Letter,
}

/// Hands messages to a mail server. Blocks; it is called on threads that may.
#[derive(Clone)]
pub struct Sender {
    transport: SmtpTransport,
    from: Mailbox,
}

impl Sender {
    /// A sender by these settings; no connection is opened.
    ///
    /// # Errors
    /// [`MailError::Settings`] when the sender is no address or the server's name no name.
    pub fn new(mail: &Mail) -> Result<Self, MailError> {
        let secured = || TlsParameters::new(mail.host.clone()).map_err(|_| MailError::Settings);
        let tls = match mail.tls {
            MailTls::None => Tls::None,
            MailTls::StartTls => Tls::Required(secured()?),
            MailTls::Wrapped => Tls::Wrapper(secured()?),
        };
        let mut builder = SmtpTransport::builder_dangerous(mail.host.clone())
            .port(mail.port)
            .tls(tls)
            .timeout(Some(mail.timeout));
        if let Some((user, password)) = &mail.login {
            builder = builder.credentials(Credentials::new(user.clone(), password.to_string()));
        }
        Ok(Self {
            transport: builder.build(),
            from: mail.from.parse().map_err(|_| MailError::Settings)?,
        })
    }

    /// Sends a message over a connection of its own, so that nothing of it concerns another.
    ///
    /// # Errors
    /// [`MailError`]; after any of them the message may be sent again.
    pub fn send(&self, outgoing: &Outgoing) -> Result<(), MailError> {
        let message = message(&self.from, outgoing)?;
        match self.transport.send(&message) {
            Ok(_) => Ok(()),
            Err(error) => Err(cause(&error)),
        }
    }
}

fn cause(error: &lettre::transport::smtp::Error) -> MailError {
    if let Some(code) = error.status() {
        MailError::Refused(u16::from(code))
    } else if timed_out(error) {
        MailError::TimedOut
    } else if error.is_response() {
        MailError::NotUnderstood
    } else if error.is_tls() {
        MailError::Tls
    } else {
        MailError::Connection
    }
}

/// Whether a time limit ended it; a read that took too long has two names among systems.
fn timed_out(error: &(dyn std::error::Error + 'static)) -> bool {
    use std::io::ErrorKind::{TimedOut, WouldBlock};
    std::iter::successors(Some(error), |error| error.source())
        .filter_map(|error| error.downcast_ref::<std::io::Error>())
        .any(|error| matches!(error.kind(), TimedOut | WouldBlock))
}

/// The message as it goes over the wire.
///
/// # Errors
/// [`MailError::Address`] when the recipient is no address.
pub fn message(from: &Mailbox, outgoing: &Outgoing) -> Result<Message, MailError> {
    let letter = &outgoing.letter;
    let id = format!("<{}@{}>", outgoing.id, from.email.domain());
    let body = MultiPart::alternative()
        .boundary(format!("=_{}", outgoing.id))
        .singlepart(SinglePart::plain(letter.text.clone()))
        .singlepart(SinglePart::html(letter.html.clone()));
    let mut message = Message::builder()
        .message_id(Some(id))
        .date(outgoing.at.utc().into())
        .from(from.clone())
        .to(outgoing.to.parse().map_err(|_| MailError::Address)?)
        .subject(letter.subject.clone())
        .multipart(body)
        .map_err(|_| MailError::Message)?;
    for (name, value) in [
        ("Auto-Submitted", "auto-generated"),
        ("Content-Language", letter.locale.tag()),
    ] {
        let name = HeaderName::new_from_ascii(name.to_owned()).map_err(|_| MailError::Message)?;
        message
            .headers_mut()
            .insert_raw(HeaderValue::new(name, value.to_owned()));
    }
    Ok(message)
}
