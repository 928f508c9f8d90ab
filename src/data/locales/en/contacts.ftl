# Contacts between agencies (XR-4, XR-5).

contacts-nav = Agency contacts
contacts-title = Contacts between agencies
contacts-lead = What agencies elsewhere ask this agency to do or confirm, and what this agency asks of them. An answer is due within one working day. Meanwhile nothing changes for the registration, the treatment or the settlement of the person.
contacts-to-answer = To answer
contacts-to-answer-none = Nothing waits for an answer.
contacts-sent = Sent, waiting for an answer
contacts-sent-none = Nothing that was sent waits for an answer.
contacts-overdue = Not answered in time
contacts-overdue-none = Nothing is past its time.
contacts-done = Done
contacts-done-none = Nothing is done yet.
contacts-col-purpose = Purpose
contacts-col-person = Name
contacts-col-from = From
contacts-col-to = To
contacts-col-state = State
contacts-col-due = Answer due
contacts-col-sent = Sent
contacts-of-case = Contacts with agencies elsewhere
contact-mark-half-time = Half of the time is over
contact-mark-last-hour = Less than one working hour left

contact-title = Contact between agencies
contact-agency-of = medical insurance agency
contact-purpose-register = Please register a patient who is treated elsewhere
contact-purpose-confirm = Please confirm the treatment in your area
contact-message-register = This person is insured with you and is being treated here. Please register the treatment away from home. The person need not hand in anything: identity and status come from sign-in, registry and the hospitals' patient ledger.
contact-message-confirm = Please confirm the treatment of this person in your area.
contact-state-open = Waits for an answer
contact-state-overdue = Past its time
contact-state-answered = Answered
contact-state-closed = No longer needed
contact-outcome-done = Done
contact-outcome-cannot = Not possible
contact-outcome-not-needed = No answer needed any more: the application has ended
contact-outcome-passed-on = Passed on
contact-answer-done = Done
contact-answer-cannot = Not possible
contact-answer-silent = No answer in time
contact-reached-service = This service
contact-reached-outside = Phone or letter (the agency does not work with this service)

contact-person = Name
contact-id-number = ID number
contact-from = From
contact-to = To
contact-whole-way = Whole way
contact-way = { $from } to { $to }
contact-sent = Sent
contact-due = Answer due
contact-provisional = The due time is provisional
contact-provisional-why = the holidays of that year are not announced yet
contact-breached = Marked as late
contact-reached = Reached by
contact-case = Own case
contact-message = What is asked
contact-files = Attachments
contact-answer = Answer
contact-answer-of = Agency
contact-waits-for = Waits for
contact-result = Result
contact-answered-at = Answered
contact-answered-by = Written down by
contact-remark = Remark
contact-remark-hint = If it is not possible, say why.
contact-who = Who answered
contact-number = Phone number or number of the letter
contact-number-hint = For example 010-12345678, or the number on the letter
contact-at = When they answered
contact-day = Day of the answer
contact-day-hint = Left out: now
contact-time = Time
contact-time-hint = For example 14:30
contact-form = Answer
contact-form-record = Write down their answer
contact-form-service = The other agency sees the answer at once, and the case that waits goes on.
contact-form-centre = Passed on, the next agency answers in its own time; if that is not possible, it goes back to the sender.
contact-form-outside = This agency does not work with this service. Ask by phone or letter, then write down who answered, the phone number or number of the letter, and when.
contact-done = Done
contact-pass-on = Pass on to the next agency
contact-cannot = Not possible
contact-send = Send
contact-register = Register the person now
contact-register-hint = Once the registration is in force, this contact is answered by itself.
contact-reveal = Show the full ID number
contact-file = Add an attachment
contact-upload = Upload
contact-done-answered = The answer was sent
contact-done-file = The attachment was added
contact-line-waits = Waits for { $agency } until { $moment }
contact-line-answered = { $agency } answered { $moment }: { $result }

conflict-contact-answered = This contact is answered already, or no answer is needed any more; load the page again.
conflict-contact-waits = An earlier contact still waits for its answer; ask by phone.
error-contact-nobody = There is no other agency to ask
error-contact-answered-when = The answer came after it was sent and before now

notice-open-contact = Open the page:
notice-contact-due = Answer due: { $moment }
notice-contact-due-missed = Was due: { $moment }

notice-contact-received-subject = An agency elsewhere waits for your answer
notice-contact-received-body = An agency elsewhere asks yours to do or confirm something.
notice-contact-received-next = Sign in, open "Agency contacts" and answer in time.

notice-contact-last-hour-subject = Agency contact: one working hour left
notice-contact-last-hour-body = A contact is not answered yet and has one working hour left.
notice-contact-last-hour-next = Sign in, open "Agency contacts" and answer, or write down the other agency's answer.

notice-contact-overdue-subject = Agency contact: not answered in time
notice-contact-overdue-body = A contact was not answered in time and is on the supervisors' list. It can still be answered.
notice-contact-overdue-next = Sign in, open "Agency contacts" and see that it is answered.

notice-contact-silent-subject = An agency elsewhere did not answer in time
notice-contact-silent-body = The agency that yours asked did not answer in time. Nothing changes for treatment and settlement.
notice-contact-silent-next = Ask by phone, or record a registration that can't be completed.

notice-contact-answered-subject = An agency elsewhere has answered
notice-contact-answered-body = The agency that yours asked has answered.
notice-contact-answered-next = Sign in to read the answer.

admin-notice-contact-received = Contact to answer
admin-notice-contact-last-hour = Contact with one working hour left
admin-notice-contact-overdue = Contact past its time
admin-notice-contact-silent = No answer from an agency elsewhere
admin-notice-contact-answered = Answer of an agency elsewhere

material-contact = Attachment of a contact between agencies
