# What went wrong, in words that say what to do next: forms first, then whole pages.

errors-found = { $count ->
    [one] There is { $count } thing to correct
   *[other] There are { $count } things to correct
}
field-required = { $field }: please fill this in
field-choose = { $field }: please choose
field-tick = { $field }: please tick the box
field-too-long = { $field }: at most { $max } characters
field-too-short = { $field }: at least { $min } characters
field-date = { $field }: please write year-month-day, for example 2026-11-24
field-date-before = { $field }: not before { $date }
field-date-after = { $field }: not after { $date }
field-month = { $field }: please write year-month, for example 2026-11
field-money = { $field }: please write an amount in yuan with at most two decimals, for example 1280.50
field-money-positive = { $field }: must be more than 0
field-number = { $field }: please write a whole number
field-number-range = { $field }: must be from { $min } to { $max }
field-phone = Please write an 11-digit mobile number, or a landline with area code
field-id-number = This resident ID number is not correct; please check its 18 characters
field-id-number-15 = ID numbers with 15 digits are no longer valid; please write the one with 18
field-id-number-birth = The date of birth in this ID number is not correct; please check
field-uscc = This Unified Social Credit Code is not correct; please check its 18 characters
field-region = Please choose a region from the list
field-bank-account = This bank account is not correct; please check
field-email = This e-mail address is not correct; please check
field-characters = { $field }: some characters cannot be used
field-file-required = { $field }: please upload a file
field-file-type = { $name } is not a JPG, PNG or PDF file
field-file-size = { $name } is larger than { $max } MB
field-file-empty = { $name } is empty

problem-not-found = We did not find this page
problem-not-found-why = The address may be mistyped, or there is nothing here, or you may not see it.
problem-not-found-do = Please check the address or the receipt number, or start again from the list of services.
problem-forbidden = Your account cannot use this page
problem-forbidden-why = This page is open to certain posts only.
problem-forbidden-do = If your work needs it, please ask the administrator of your agency.
problem-sign-in = Please sign in first
problem-sign-in-why = This page is shown after signing in, or you have been signed out.
problem-sign-in-do = You will come back here after signing in. Your draft has been kept.
problem-conflict = The case has changed
problem-conflict-why = The case was updated while you were writing, so what you asked for was not done.
problem-conflict-do = Please look at how the case stands now before you try again. What you wrote is kept below.
problem-refused = This cannot be done
problem-refused-why = What was sent does not meet the rules for this case.
problem-refused-do = Please go back, correct it and send it again.
problem-too-many = Too many attempts
problem-too-many-why = To protect accounts, only a few attempts are possible in a short time.
problem-too-many-do = Please try again in a few minutes. If it is urgent, call the hotline.
problem-fault = Something went wrong with the system
problem-fault-why = This is our fault, not yours. Nothing that was submitted is lost.
problem-fault-do = Please try again later. If it still does not work, call the hotline and give the number below.
problem-busy = The system cannot save just now
problem-busy-why = The system is busy, so what you asked for was not done.
problem-busy-do = Please wait a few minutes and send it again. The same application is never taken twice.
problem-expired-form = The page was open too long; please send it again
problem-expired-form-why = The security check of the form has expired, so what you asked for was not done.
problem-expired-form-do = Please go back, reload the page and send it again. What you wrote is kept below.
problem-request-id = Fault number
problem-kept-text = What you wrote
problem-what-changed = What has changed
problem-way-back-home = Go to the home page
