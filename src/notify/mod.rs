//! From a notice to what is sent: words, letter or short message, mail server or gateway (CAS-12). Nothing here decides who is told or
//! reads the database; no diagnosis and no full ID number ever gets in, because a notice holds none.

pub mod failure;
pub mod letter;
pub mod mail;
pub mod sms;
pub mod words;
