# Signing in and accounts.

sign-in-title = Sign in
sign-in-name = User name or ID number
sign-in-name-hint = Residents can sign in with their resident ID number, staff with the user name their office gave them.
sign-in-password = Password
sign-in-button = Sign in
sign-in-refused = The user name or password is not correct, or the account cannot be used. Please check and try again.
sign-in-wait = Too many failed attempts. Please try again in { $minutes } min.
sign-in-identity = Password accounts are for the demonstration and for agencies that are not yet connected to the provincial identity service. Applications sent with them say so.

demo-accounts-title = Demonstration accounts
demo-accounts-why = This is a demonstration; all persons are invented. One press signs you in.
demo-accounts-pool = Pool { $pool }
demo-sign-in-as = Sign in as { $username }

account-title = My account
account-name = Name
account-username = User name
account-role = Role
account-pool = Pool
account-agency = Agency
account-language = Language of text messages, e-mails and messages in the portal
account-language-saved = Saved
account-sessions = Where you are signed in
account-session-began = Signed in
account-session-seen = Last used
account-session-ends = Ends at the latest
account-end-others = Sign out everywhere else
account-others-ended = You have been signed out everywhere else.

password-title = Change password
password-link = Change password
password-old = Present password
password-new = New password
password-new-hint = 8 to 128 characters of any kind, not your user name.
password-repeat = New password again
password-button = Save new password
password-changed = Your password has been changed. You have been signed out everywhere else.
save-button = Save

error-password-wrong = The present password is not correct
error-password-short = The new password needs at least { $min } characters
error-password-long = The new password can have at most { $max } characters
error-password-is-name = The new password must not be your user name
error-password-differs = The two new passwords are not the same

inbox-empty = There are no messages. You are told here when something happens to a case.
inbox-unread = Unread
inbox-mark-all = Mark all as read
inbox-to-case = See case { $receipt }
