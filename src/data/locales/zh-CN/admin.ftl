# Words of the admin pages.

admin-outbox = 未发出的消息
admin-outbox-lead = 这里不显示收件人和消息内容。列表只包括您所管理的统筹区；下面的数量和时间是全系统的，时间为服务器时间。
admin-outbox-dead = 已放弃发送
admin-outbox-waiting = 等待发送
admin-outbox-count-dead = 已放弃发送（条）
admin-outbox-count-waiting = 等待发送（条）
admin-outbox-next = 下次发送时间
admin-outbox-id = 消息编号
admin-outbox-kind = 通知种类
admin-outbox-pool = 统筹区
admin-outbox-attempts = 已尝试次数
admin-outbox-error = 最近一次失败原因
admin-outbox-no-error = 无
admin-outbox-do = 操作
admin-outbox-retry = 重新发送
admin-outbox-retried = 该消息已重新排队，将尽快发送。
admin-outbox-no-dead = 没有放弃发送的消息。
admin-outbox-no-waiting = 没有等待发送的消息。

admin-notice-received = 收到申请
admin-notice-supplement-requested = 要求补正
admin-notice-resumed = 收到补正材料
admin-notice-approved = 同意
admin-notice-refused = 不予批准
admin-notice-not-accepted = 不予受理
admin-notice-withdrawn = 撤回
admin-notice-lapse-reminder = 补正期限提醒
admin-notice-lapsed = 逾期未补正
admin-notice-breached = 超时未办结
admin-notice-reopened = 重新办理
admin-notice-obligation-reminder = 容缺材料期限提醒
admin-notice-half-time = 时限过半提醒
admin-notice-last-hour = 时限前一小时提醒
admin-notice-redated = 时限调整通知
admin-notice-assigned = 分派通知
admin-notice-breached-at-desk = 超时督办通知
