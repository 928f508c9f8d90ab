//! Names of the blind indexes: equal values of one kind have equal indexes (see [`super::vault::Vault::blind`]).
//! A name never changes, or nothing that was indexed under it is found again.

/// A whole ID number, normalised; index of `person.id_hash`.
pub const ID_NUMBER: &str = "id-number";
/// The last six characters of an ID number; index of `person.last_six_hash`.
pub const LAST_SIX: &str = "last-six";
/// A phone number; index of `person.phone_hash`.
pub const PHONE: &str = "phone";
/// A name typed at sign-in, whether an account has it or not; subject of `failed_attempt`.
pub const SIGN_IN_NAME: &str = "sign-in-name";
/// A network address; subject of `failed_attempt`.
pub const ADDRESS: &str = "address";
/// The cookie of a form that anybody may send; what comes out is the form's token.
pub const FORM: &str = "form";
/// A network address that looks up progress; subject of `failed_attempt`.
pub const LOOK_UP_ADDRESS: &str = "look-up-address";
/// A receipt number as it was looked up, whether there is such a case or not; subject of `failed_attempt`.
pub const LOOK_UP_RECEIPT: &str = "look-up-receipt";
/// The token of a sign-in between password and code; key of `pending_sign_in`.
pub const PENDING_SIGN_IN: &str = "pending-sign-in";
/// A recovery code with its account; key of `recovery_code`.
pub const RECOVERY_CODE: &str = "recovery-code";
/// What the identity platform sends back beside its answer; key of `spent_state`.
pub const PLATFORM_STATE: &str = "platform-state";
/// An institution with the whole ID number of a patient; subject of the guard of their stays there.
pub const STAY: &str = "stay";
