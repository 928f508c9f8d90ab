# Treatment away from home: ledger of institutions, contacts between agencies, filings of employers, closures.

action-record = Record and go on
flow-action-record = records what can't be completed
flow-who-other-agency = The agency that was asked
decision-recorded = Recorded
guard-asked-once = This agency was asked in this case before. The clock stands still for each agency once; call it, or record the case and go on.
guard-asked-once-basis = rule CLK-5 (one restart for each agency asked, at most); a choice of this service, no document says it word for word
desk-reason-contact = What the other agency is to do or confirm
desk-reason-record = Why the registration can't be completed
desk-done-contact = The other agency was asked ({ $receipt })
desk-done-record = Recorded ({ $receipt })
progress-step-other-agency-answered = The other agency's result is here; the term starts anew
progress-step-recorded = Recorded; treatment and settlement go on
happened-answered = The other agency's result is here; the term starts anew
happened-recorded = Recorded; treatment and settlement go on
clock-begun-answer = The other agency's result came: the term starts anew
clock-step-answer = { $day } the other agency's result came, not counted

notice-other-agency-asked-subject = Another agency was asked ({ $receipt })
notice-other-agency-asked-body = We have asked another agency about your application. The clock stands still while we wait; your treatment and its settlement go on.
notice-other-agency-asked-next = You need not do anything for now.

notice-other-agency-answered-subject = The other agency's result is here ({ $receipt })
notice-other-agency-answered-body = The other agency has answered, or its time has passed. We go on with your application and the time limit starts anew.
notice-other-agency-answered-next = You need not do anything for now.

notice-recorded-subject = Your application was recorded ({ $receipt })
notice-recorded-body = Your registration could not be completed. We have recorded you and the costs. This changes nothing for your treatment and its settlement.
notice-recorded-next = You need not apply again. Costs are settled by the rules.
notice-recorded-sms = Your application { $receipt } was recorded. Treatment and settlement go on.

admin-notice-other-agency-asked = Another agency asked
admin-notice-other-agency-answered = The other agency's result
admin-notice-recorded = Recorded
