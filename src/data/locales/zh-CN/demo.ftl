# 演示环境独有的页面。

demo-mail-link = 查看演示消息
demo-mail-title = 演示消息
demo-mail-lead = 演示环境没有邮件服务器和短信网关，本应发出的邮件和短信都保存在这里，最新的排在最前。收件地址只显示一部分。
demo-mail-empty = 还没有消息。提交一份申请后，稍等片刻，这里就会出现受理通知。
demo-mail-subject = 主题、收件人与语言
demo-mail-to = 收件人
demo-mail-language = 语言
demo-mail-at = 通知时间
demo-mail-in = { $language ->
    [en] 英文
   *[zh-CN] 中文
}
demo-mail-html = 网页格式
demo-mail-text = 纯文本格式
demo-mail-source = 查看网页格式的源代码
