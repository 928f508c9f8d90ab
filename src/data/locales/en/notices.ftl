# Words of the messages that are sent: SMS, e-mail, inbox. No diagnosis and no full ID number in any of them (CAS-12).

notice-greeting = Hello,
notice-item = Service: { $item }
notice-receipt = Receipt number: { $receipt }
notice-due = Deadline for us: { $moment }
notice-due-missed = It should have been completed by: { $moment }
notice-last-day = Last day for sending what is missing: { $day }
notice-material = Material you promised: { $material }
notice-material-due = Last day for sending it: { $day }
notice-progress = See the progress:
notice-hotline = Hotline: { $phone }
notice-automatic = This message was sent automatically. Please do not reply.

notice-received-subject = We have received your application ({ $receipt })
notice-received-body = We have received your application and will handle it within the time limit.
notice-received-next = Please keep the receipt number. You need it to look up the progress.

notice-supplement-requested-subject = Your application needs something more ({ $receipt })
notice-supplement-requested-body = Some materials or details are missing from your application. Everything that is missing has been listed at once.
notice-supplement-requested-next = Please sign in to see what is missing and send it by the last day. The clock stands still while we wait for you. If nothing arrives in time, this application lapses and you can apply again.

notice-resumed-subject = We have received what was missing ({ $receipt })
notice-resumed-body = We have received what you sent. The time limit has started anew.
notice-resumed-next = You need not do anything for now.

notice-approved-subject = Your application has been completed ({ $receipt })
notice-approved-body = Your application has been approved.
notice-approved-next = Please sign in to see the result.

notice-refused-subject = There is a decision on your application ({ $receipt })
notice-refused-body = After review and second review your application was refused.
notice-refused-next = Please sign in to see the reason, the clause it rests on and what you can do about it. You can ask the agency that decided, apply for administrative reconsideration or bring an administrative suit.

notice-not-accepted-subject = There is a decision on your application ({ $receipt })
notice-not-accepted-body = After review and second review your application was not accepted.
notice-not-accepted-next = Please sign in to see the reason, the clause it rests on and what you can do about it. You can ask the agency that decided, apply for administrative reconsideration or bring an administrative suit.

notice-withdrawn-subject = Your application has been withdrawn ({ $receipt })
notice-withdrawn-body = As you asked, this application has been withdrawn and will not be handled further.
notice-withdrawn-next = You can apply again at any time.

notice-lapse-reminder-subject = The time for sending what is missing is nearly over ({ $receipt })
notice-lapse-reminder-body = Your application is still waiting for what is missing, and the time for it is nearly over.
notice-lapse-reminder-next = Please sign in to see what is missing and send it by the last day. If nothing arrives in time, this application lapses and you can apply again.

notice-lapsed-subject = Your application has lapsed ({ $receipt })
notice-lapsed-body = What was missing did not arrive in time. This application has lapsed and will not be handled further.
notice-lapsed-next = You can sign in and apply again at any time. If you cannot use the internet, call the hotline and our staff will help you to apply.

notice-breached-subject = We did not complete your application in time ({ $receipt })
notice-breached-body = We are sorry: we did not complete your application within the time limit. This has been recorded, and a supervisor is now looking after it.
notice-breached-next = You need not apply again. We will tell you the result.

notice-reopened-subject = Your application is being handled again ({ $receipt })
notice-reopened-body = After a further look your application has been opened again.
notice-reopened-next = You need not apply again. We will tell you the result.

notice-obligation-reminder-subject = A material you promised is due soon ({ $receipt })
notice-obligation-reminder-body = A material that you promised to send later has not arrived yet, and the time for it is nearly over.
notice-obligation-reminder-next = Please sign in and upload it.

notice-half-time-subject = Half of the time limit has passed ({ $receipt })
notice-half-time-body = Half of the time limit of this case has passed and it has not been answered yet.
notice-half-time-next = Please deal with it soon.

notice-last-hour-subject = One working hour left ({ $receipt })
notice-last-hour-body = One working hour of the time limit of this case is left and it has not been answered yet.
notice-last-hour-next = Please deal with it now; if that is not possible, tell your supervisor at once.

notice-assigned-subject = A case has been assigned to you ({ $receipt })
notice-assigned-body = This case has been assigned to you.
notice-assigned-next = Please open it on your desk.

notice-breached-at-desk-subject = A deadline was missed ({ $receipt })
notice-breached-at-desk-body = This case was not completed within its time limit. The breach has been recorded and the case is on the supervisor's list.
notice-breached-at-desk-next = The supervisor assigns it anew or decides it; a decision has to state the cause of the breach.

notice-redated-subject = The deadline of your application has moved ({ $receipt })
notice-redated-body = Because of the holiday arrangement of the General Office of the State Council, the deadline of your application was counted anew.
notice-redated-next = There is nothing you need to do.
