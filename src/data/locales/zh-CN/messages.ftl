# 短信、通知设置、送达情况、未发出消息的告知。短信不写姓名、身份证件号码和病情，不带链接。

notice-sms-due = 办理时限{ $moment }。
notice-sms-last-day = 截止{ $day }。
notice-received-sms = 医保申请{ $receipt }已收到。
notice-supplement-requested-sms = 医保申请{ $receipt }需要补正，请登录平台查看。
notice-approved-sms = 医保申请{ $receipt }已办理完成，请登录平台查看。
notice-refused-sms = 医保申请{ $receipt }已有决定，请登录平台查看。
notice-not-accepted-sms = 医保申请{ $receipt }已有决定，请登录平台查看。
notice-withdrawn-sms = 医保申请{ $receipt }已撤回。
notice-lapse-reminder-sms = 医保申请{ $receipt }补正即将到期，请登录平台提交。
notice-lapsed-sms = 医保申请{ $receipt }逾期未补正，已失效，可以重新申请。
notice-breached-sms = 医保申请{ $receipt }未按时办结，我们深表歉意，已由主管人员督办。
notice-filed-for-you-sms = 有人以您的名义提交了医保申请{ $receipt }，未经您同意的请登录平台提出异议。
notice-objected-sms = 您代办的医保申请{ $receipt }，本人提出异议，已终止。
notice-redated-sms = 医保申请{ $receipt }的办理时限因放假安排有调整。
notice-reopened-sms = 医保申请{ $receipt }已重新办理，无需再次申请。
notice-obligation-reminder-sms = 医保申请{ $receipt }承诺补交的材料即将到期，请登录平台提交。

notice-count-messages = 消息数量：{ $count }
notice-open-case = 打开办件：
notice-open-outbox = 查看未发出的消息：
notice-messages-dead-subject = 有消息未能送达
notice-messages-dead-body = 有发给群众或者工作人员的消息多次发送失败，系统已不再发送。
notice-messages-dead-next = 请查看失败原因，处理后重新发送；一小时内不再重复告知。
admin-notice-messages-dead = 消息未能送达
inbox-to-outbox = 查看未发出的消息

matter-filing = 申请的收到、撤回与重新办理
matter-supplement = 补正要求与逾期失效
matter-decision = 办理决定
matter-deadline = 超时未办结
matter-progress = 办理进展
matter-reminder = 到期提醒
matter-work = 工作提醒
matter-operation = 系统运行

channel-inbox = 站内消息
channel-sms = 短信
channel-email = 电子邮件

notify-title = 通知设置
notify-link = 设置短信和邮件通知
notify-lead = 所有通知都会进入站内消息。下面选择还要用哪些方式告知您。
notify-addresses = 接收方式
notify-phone = 手机号码
notify-phone-from = { $number }，来自参保登记信息。号码不对的，请拨打服务热线更正。
notify-no-phone = 没有可用的手机号码，不发送短信。
notify-email = 电子邮箱
notify-email-account = { $address }，来自本账号。
notify-email-registry = { $address }，来自参保登记信息。
notify-no-email = 没有电子邮箱，不发送邮件。
notify-matters = 通知的事项和方式
notify-fixed-why = 依照规定必须告知，关系到您的权利和期限，不能关闭：{ $matters }。
notify-quiet = 短信只在{ $hours }发送；您本人刚刚办理的事项随时告知。
notify-language = 消息使用的语言
notify-saved = 通知设置已保存。
notify-none = 您这一类账号的通知只进入站内消息，没有可以选择的方式。

error-not-switchable = 该项不能更改：依照规定必须告知，或者不使用这种方式。
error-unknown-matter = 没有这个事项或者方式。

told-title = 已告知的情况
told-what = 告知的内容
told-how = 方式和结果
told-none = 还没有告知记录。
told-read = 已读
told-unread = 未读
told-waiting = 等待发送
told-again = 未成功，稍后再发：{ $why }
told-sent = 已发送（{ $at }）
told-kept = 未接入发送服务，未实际发送
told-dead = 已放弃发送：{ $why }

delivery-cause-address = 地址或者号码无效
delivery-cause-unreadable = 保存的内容无法读取
delivery-cause-settings = 发送服务的设置有误
delivery-cause-message = 内容无法生成
delivery-cause-smtp = 邮件服务器答复{ $status }
delivery-cause-smtp-for-good = 邮箱不存在或者拒收（{ $status }）
delivery-cause-http = 短信网关答复{ $status }
delivery-cause-http-for-good = 号码被短信网关拒绝（{ $status }）
delivery-cause-not-taken = 短信网关没有接受
delivery-cause-timed-out = 在规定时间内没有答复
delivery-cause-not-understood = 答复的格式不符合约定
delivery-cause-not-secured = 无法建立安全连接
delivery-cause-not-reached = 无法连接

outbox-filter = 发送方式
outbox-filter-all = 全部方式
outbox-retry-all = 按原因全部重新发送
outbox-retry-all-do = 全部重新发送
outbox-retried-all = 已有{ $count }条消息重新排队。
outbox-channel = 方式

nav-inbox-unread = 消息（{ $count }条未读）
nav-inbox-unread-many = 消息（{ $count }条以上未读）

policy-group-messages = 消息
policy-key-messages-sms-hours = 发送短信的时间
