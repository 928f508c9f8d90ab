# SMS, choices of channels, delivery, and what administrators are told. No name, ID number or diagnosis in an SMS, no link.

notice-sms-due = Answer by { $moment }.
notice-sms-last-day = Last day: { $day }.
notice-received-sms = Medical insurance: we have received your application { $receipt }.
notice-supplement-requested-sms = Medical insurance: application { $receipt } needs something more. Please sign in to see what.
notice-approved-sms = Medical insurance: application { $receipt } has been completed. Please sign in to see the result.
notice-refused-sms = Medical insurance: there is a decision on application { $receipt }. Please sign in to see it.
notice-not-accepted-sms = Medical insurance: there is a decision on application { $receipt }. Please sign in to see it.
notice-withdrawn-sms = Medical insurance: application { $receipt } has been withdrawn.
notice-lapse-reminder-sms = Medical insurance: application { $receipt } still waits for what is missing. Please sign in and send it.
notice-lapsed-sms = Medical insurance: application { $receipt } has lapsed because nothing arrived. You can apply again.
notice-breached-sms = Medical insurance: we are sorry, application { $receipt } was not completed in time. A supervisor looks after it now.
notice-filed-for-you-sms = Medical insurance: somebody filed { $receipt } for you. If you did not agree, sign in and object.
notice-objected-sms = Medical insurance: { $receipt }, which you filed for somebody, has ended: they objected.
notice-redated-sms = Medical insurance: the deadline of { $receipt } moved with the holidays.
notice-reopened-sms = Medical insurance: application { $receipt } is being handled again. You need not apply again.
notice-obligation-reminder-sms = Medical insurance: a material promised for { $receipt } is due soon. Please sign in and upload it.

notice-count-messages = Messages: { $count }
notice-open-case = Open the case:
notice-open-outbox = See the messages that were not sent:
notice-messages-dead-subject = Messages could not be delivered
notice-messages-dead-body = Messages to residents or staff failed again and again, or were refused for good. They are not tried any more.
notice-messages-dead-next = Please look at the reasons, put right what is wrong and try them again. You are told again after an hour at the earliest.
admin-notice-messages-dead = Messages not delivered
inbox-to-outbox = See the messages that were not sent

matter-filing = Applications received, withdrawn or opened again
matter-supplement = Requests for what is missing, and lapses
matter-decision = Decisions
matter-deadline = Deadlines we missed
matter-progress = Progress
matter-reminder = Reminders of what is due soon
matter-work = Reminders of work
matter-operation = Operation of the service

channel-inbox = Messages in the portal
channel-sms = SMS
channel-email = E-mail

notify-title = Notifications
notify-link = Choose notifications by SMS and e-mail
notify-lead = Every message reaches your messages in the portal. Choose here how else you want to be told.
notify-addresses = Where you can be reached
notify-phone = Mobile phone
notify-phone-from = { $number }, from the registry of insured persons. If it is wrong, please call the hotline.
notify-no-phone = No mobile phone is known, so no SMS is sent.
notify-email = E-mail
notify-email-account = { $address }, from this account.
notify-email-registry = { $address }, from the registry of insured persons.
notify-no-email = No e-mail address is known, so no e-mail is sent.
notify-matters = What you are told of, and how
notify-fixed-why = These must be sent by law because your rights and terms hang on them, and cannot be switched off: { $matters }.
notify-quiet = An SMS is sent between { $hours } only; what you have just done yourself is confirmed at any hour.
notify-language = Language of messages
notify-saved = Your choices have been saved.
notify-none = Messages to accounts like yours reach the portal only; there is nothing to choose.

error-not-switchable = This cannot be changed: it must be sent by law, or never goes by this channel.
error-unknown-matter = There is no such matter or channel.

told-title = What was told
told-what = What
told-how = How, and what became of it
told-none = Nothing has been told yet.
told-read = Read
told-unread = Not read
told-waiting = Waiting to be sent
told-again = Failed, to be tried again: { $why }
told-sent = Sent ({ $at })
told-kept = Not really sent: no service to send it by is connected
told-dead = Given up: { $why }

delivery-cause-address = not a valid address or number
delivery-cause-unreadable = what was stored cannot be read
delivery-cause-settings = the settings for sending are wrong
delivery-cause-message = the message could not be written
delivery-cause-smtp = the mail server answered { $status }
delivery-cause-smtp-for-good = there is no such mailbox, or it takes no mail ({ $status })
delivery-cause-http = the SMS gateway answered { $status }
delivery-cause-http-for-good = the SMS gateway refused the number ({ $status })
delivery-cause-not-taken = the SMS gateway did not accept it
delivery-cause-timed-out = no answer in time
delivery-cause-not-understood = an answer that is not in the agreed form
delivery-cause-not-secured = the connection could not be secured
delivery-cause-not-reached = not reached

outbox-filter = Channel
outbox-filter-all = All channels
outbox-retry-all = Try all of one reason again
outbox-retry-all-do = Try all again
outbox-retried-all = { $count ->
    [one] 1 message waits again.
   *[other] { $count } messages wait again.
}
outbox-channel = Channel

nav-inbox-unread = Messages ({ $count } unread)
nav-inbox-unread-many = Messages (more than { $count } unread)

policy-group-messages = Messages
policy-key-messages-sms-hours = Hours for SMS
