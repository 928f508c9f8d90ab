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
problem-too-many = Too many requests
problem-too-many-why = To protect accounts and the service, only so many requests are answered in a short time.
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

# One fault of one field or parameter, by its code.
error-required = This must be filled in
error-choice-required = Choose one
error-choice-unknown = Not one of the choices
error-wrong-type = Wrong type of value
error-pledge-required = Read and tick the pledge
error-day-impossible = There is no such day; write year-month-day, such as 2026-11-24
error-phone-malformed = Enter an 11-digit mobile number, or a fixed line with its area code
error-region-malformed = Enter a region code of six digits, or choose from the list
error-region-unknown = No such region; choose a prefecture or province from the list
error-destination-is-home = No registration is needed where you are insured; choose another region
error-end-before-start = The end must not be before the start
error-start-before-old = The start must not be before that of the present registration ({ $start })
error-term-too-long = A temporary registration lasts { $months } months at most; the latest end is { $latest }
error-text-control = Contains characters that can't be used
error-text-too-long = { $longest } characters at most
error-registration-unknown = This registration of yours was not found
error-registration-not-active = This registration is not in force
error-not-insured = No insurance in force was found; contact the agency where you are insured
error-material-required = Upload this document
error-token-malformed = The submission key is missing or too long (header Idempotency-Key, 1 to 200 characters)
error-item-unknown = There is no such item
error-reason-out-of-order = This is not the next case; say why it comes first
error-recipient-unable = Choose a handler of this agency who is at work and not party to the case
error-target-unknown = Only documents and fields of this item can be asked for
error-one-target = Name either a document or a field
error-limit-out-of-range = A page has 1 to { $highest } entries
error-cursor-malformed = The page mark is not right; begin with the first page

error-file-empty = Please choose a file; this one is empty
error-file-too-large = The file is larger than { $megabytes } MB; please make it smaller or take another picture
error-file-type = Only JPG and PNG pictures and PDF files can be uploaded
error-file-pixels = The picture has more than { $megapixels } million pixels; please make it smaller
error-file-broken = The file is incomplete or damaged; please choose or photograph it again
error-file-too-many = At most { $most } files can be uploaded
error-material-unknown = This item does not take that paper
error-consent-required = Please tick the consent before you upload a paper with health data
error-drafts-too-many = There are too many drafts; please delete some first

# What stands in the way
conflict-overlap = There is a registration for this destination in that time already (open applications count). Please look at it first, or apply to change it.
conflict-claimed = Another open case is changing or cancelling this registration. Please wait until it is closed.
conflict-already-asked = The same was asked for already and waits for another person to confirm.

# What a rule refuses
problem-basis = Basis:
guard-impartial = You cannot handle your own or a relative's case. Please hand it over to a colleague.
guard-impartial-basis = rule CAS-10 (no interest of one's own); a choice of this service, no document says it word for word
guard-reason-out-of-order = To take a case out of order, please give the reason first.
guard-reason-out-of-order-basis = rule CLK-7 (most urgent first), which keeps CLK-1's one working day (苏医保发〔2020〕3号, clause 二(二)3)
guard-hold-limit = You hold as many cases as you may. Please finish or release one first.
guard-hold-limit-basis = rule CAS-10 (cases in one hand), set by the agency
guard-able-recipient = This person cannot take the case: it must be a handler of this agency who is on duty and no relative of the applicant. Please choose somebody else.
guard-able-recipient-basis = rule CAS-10 (own agency, no interest of one's own); a choice of this service, no document says it word for word
guard-told-once = A supplement was asked for once already. A second request needs a reason and a supervisor who confirms it.
guard-told-once-basis = rule CLK-6 (told once); a choice of this service, no document says it word for word
guard-before-deadline = The deadline has passed: no supplement can be asked for any more. Please decide the case.
guard-before-deadline-basis = rule CLK-6 (no request after the deadline), which keeps CLK-1's one working day (苏医保发〔2020〕3号, clause 二(二)3)
guard-something-missing = Please name everything that is missing in one request, at least one thing.
guard-something-missing-basis = rule CLK-6 (told once); a choice of this service, no document says it word for word
guard-breach-cause = The deadline was missed. Please state the cause before you decide.
guard-breach-cause-basis = rule CLK-7 (a missed deadline is explained), which keeps CLK-1's one working day (苏医保发〔2020〕3号, clause 二(二)3)
guard-not-answered = The first answer was given already; it is given once.
guard-not-answered-basis = rule CLK-1 (苏医保发〔2020〕3号, clause 二(二)3)
guard-confirmed = A second person must confirm this step. Please ask for it first.
guard-confirmed-basis = rule CAS-1 (one person asks, another confirms); a choice of this service, no document says it word for word
guard-promised = This material was not promised, or it is here already.
guard-promised-basis = rule CAS-4 (conditional acceptance: 国家医疗保障局办公室通知（2020年2月2日）, clause 二; 苏医保发〔2020〕3号, clause 二(二)4; 商医保发〔2022〕40号, clause 16)
guard-overdue = The deadline has not passed yet, or it was marked as missed already.
guard-overdue-basis = rule CLK-8 (deadline work is done once), which keeps CLK-1's one working day (苏医保发〔2020〕3号, clause 二(二)3)
