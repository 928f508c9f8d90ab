# Pages that only the demonstration has.

demo-mail-link = See the demonstration's messages
demo-mail-title = Messages of the demonstration
demo-mail-lead = The demonstration has no mail server and no SMS gateway. E-mails and SMS that would have been sent are kept here, the latest first. Addresses are shown in part only.
demo-mail-empty = There is no message yet. A moment after an application is filed, its confirmation appears here.
demo-mail-subject = Subject, recipient and language
demo-mail-to = To
demo-mail-language = Language
demo-mail-at = Time of the notice
demo-mail-in = { $language ->
    [en] English
   *[zh-CN] Chinese
}
demo-mail-html = As HTML
demo-mail-text = As plain text
demo-mail-source = Show the source of the HTML version
