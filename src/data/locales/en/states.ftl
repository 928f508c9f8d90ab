# Names of what a case can be, who acts and how: states, actions, roles, channels, urgency, pause reasons.

state-draft = Draft
state-awaiting_parcel = Waiting for your parcel
state-submitted = Submitted
state-in_review = In review
state-supplement_requested = Waiting for missing materials
state-awaiting_agency = Waiting for another agency
state-awaiting_institution = Waiting for the hospital or pharmacy
state-second_review = In second review
state-fulfilling = Being carried out
state-closed = Closed
state-refused = Refused
state-not_accepted = Not accepted
state-withdrawn = Withdrawn
state-lapsed = Lapsed

action-submit = Submit the application
action-register-parcel = Register the parcel
action-claim = Claim
action-next = Take the next case
action-assign = Assign
action-reassign = Reassign
action-release = Return to the queue
action-hand-over = Hand over
action-accept = Accept
action-request-supplement = Ask for missing materials
action-supplement = Send the missing materials
action-lapse = Let lapse
action-contact = Contact the other agency
action-answer = Answer
action-ask-institution = Ask the hospital or pharmacy
action-assess = Give the assessment
action-approve = Approve
action-refuse = Refuse
action-not-accept = Do not accept
action-return = Return to review
action-withdraw = Withdraw the application
action-meet-obligation = Send a promised paper
action-reopen = Reopen
action-redate = Deadline counted anew by the holiday arrangement
action-breach = Deadline passed
action-close = Close
action-rate = Rate

role-resident = Insured person
role-proxy = Authorised representative
role-employer-agent = Employer's agent
role-institution-clerk = Clerk of the institution
role-institution-doctor = Doctor
role-pharmacist = Pharmacist
role-handler = Handler
role-reviewer = Reviewer
role-supervisor = Supervisor
role-mailroom-clerk = Mailroom clerk
role-finance-officer = Finance officer
role-tax-liaison = Tax liaison
role-provincial-handler = Handler of the provincial centre
role-auditor = Auditor
role-administrator = Administrator
role-system = The system

channel-online = Online
channel-mobile = By phone app
channel-phone = By phone
channel-mail = By post
channel-counter = At the counter
channel-on-behalf = On behalf of somebody

urgency-routine = Routine: online
urgency-urgent = Urgent: at once
urgency-special = Special: with extra help
urgency-deferrable = Not urgent: may be deferred
urgency-short-urgent = Urgent
urgency-short-special = Special
urgency-short-routine = Routine
urgency-short-deferrable = Deferrable

pause-supplement = Waiting for the applicant's missing materials
pause-other-agency = Waiting for the other agency's answer
pause-institution = Waiting for the assessment of the hospital or pharmacy
pause-signature = Waiting for the applicant's signature on the agreement

decision-approved = Approved
decision-refused = Refused
decision-not_accepted = Not accepted

breach-cause-workload = More cases than the staff on duty could handle
breach-cause-staffing = Nobody was on duty
breach-cause-system-fault = This system was down
breach-cause-external-system = A system the decision depends on was down
breach-cause-handover-error = Handed over to the wrong person or too late
breach-cause-complexity = The matter needed further inquiry
breach-cause-other = Another reason
