//! Letters by e-mail. The message id and everything else that a message holds follow from its row in the outbox,
//! so that a second copy is the same message. Errors never repeat what the server said: it may hold addresses.

use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart, SinglePart};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::{Message, SmtpTransport, Transport};

use super::failure::{Failure, timed_out};
use super::letter::Letter;
use crate::config::{Mail, MailTls};
use crate::domain::ids::MessageId;
use crate::domain::time::Ts;

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
    /// [`Failure::Settings`] when the sender is no address or the server's name no name.
    pub fn new(mail: &Mail) -> Result<Self, Failure> {
        let secured = || secured(mail).map_err(|_| Failure::Settings);
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
            from: mail.from.parse().map_err(|_| Failure::Settings)?,
        })
    }

    /// Sends a message over a connection of its own, so that nothing of it concerns another.
    ///
    /// # Errors
    /// [`Failure`]; after any of them the message may be sent again.
    pub fn send(&self, outgoing: &Outgoing) -> Result<(), Failure> {
        let message = message(&self.from, outgoing)?;
        match self.transport.send(&message) {
            Ok(_) => Ok(()),
            Err(error) => Err(cause(&error)),
        }
    }
}

/// What the server must show: a certificate of its name, signed by an authority of the system or of the agency's own.
fn secured(mail: &Mail) -> Result<TlsParameters, Box<dyn std::error::Error>> {
    let mut builder = TlsParameters::builder(mail.host.clone());
    if let Some(file) = &mail.ca {
        builder = builder.add_root_certificate(Certificate::from_pem(&std::fs::read(file)?)?);
    }
    Ok(builder.build()?)
}

fn cause(error: &lettre::transport::smtp::Error) -> Failure {
    if let Some(code) = error.status() {
        Failure::Smtp(u16::from(code))
    } else if timed_out(error) {
        Failure::TimedOut
    } else if error.is_response() {
        Failure::NotUnderstood
    } else if error.is_client() {
        // The server does not offer what the settings ask for, STARTTLS or a way to sign in.
        Failure::Settings
    } else if error.is_tls() {
        Failure::NotSecured
    } else {
        Failure::NotReached
    }
}

/// The message as it goes over the wire.
///
/// # Errors
/// [`Failure::Address`] when the recipient is no address.
pub fn message(from: &Mailbox, outgoing: &Outgoing) -> Result<Message, Failure> {
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
        .to(outgoing.to.parse().map_err(|_| Failure::Address)?)
        .subject(letter.subject.clone())
        .multipart(body)
        .map_err(|_| Failure::Message)?;
    for (name, value) in [
        ("Auto-Submitted", "auto-generated"),
        ("Content-Language", letter.locale.tag()),
    ] {
        let name = HeaderName::new_from_ascii(name.to_owned()).map_err(|_| Failure::Message)?;
        message
            .headers_mut()
            .insert_raw(HeaderValue::new(name, value.to_owned()));
    }
    Ok(message)
}
