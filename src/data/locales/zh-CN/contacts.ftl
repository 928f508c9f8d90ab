# 经办机构之间的联系（XR-4、XR-5）。

contacts-nav = 机构联系
contacts-title = 经办机构之间的联系
contacts-lead = 外地经办机构请本机构办理或核实的事项，以及本机构请外地办理或核实的事项。答复时限为收到后的一个工作日。联系期间参保人的备案效力、救治和结算不受影响。
contacts-to-answer = 待答复
contacts-to-answer-none = 没有待答复的联系。
contacts-sent = 已发出，等待答复
contacts-sent-none = 没有正在等待答复的联系。
contacts-overdue = 超过时限未答复
contacts-overdue-none = 没有超过时限的联系。
contacts-done = 已办结
contacts-done-none = 还没有办结的联系。
contacts-col-purpose = 事由
contacts-col-person = 姓名
contacts-col-from = 来自
contacts-col-to = 发往
contacts-col-state = 状态
contacts-col-due = 答复时限
contacts-col-sent = 发出时间
contacts-of-case = 与外地经办机构的联系
contact-mark-half-time = 时限已过半
contact-mark-last-hour = 剩余不到一个工作小时

contact-title = 经办机构之间的联系
contact-agency-of = 医保经办机构
contact-purpose-register = 请为在外地救治的患者办理备案
contact-purpose-confirm = 请核实在本地的就医情况
contact-message-register = 该参保人正在我地救治，请贵机构按规定为其办理异地就医备案。无需参保人提交材料，身份和状态以登录信息、参保登记和医疗机构台账为准。
contact-message-confirm = 请核实该参保人在贵地的就医情况。
contact-state-open = 等待答复
contact-state-overdue = 超过时限
contact-state-answered = 已答复
contact-state-closed = 不再需要
contact-outcome-done = 已办理
contact-outcome-cannot = 无法办理
contact-outcome-not-needed = 不再需要答复，相关申请已经结束
contact-outcome-passed-on = 已转送
contact-answer-done = 已办理
contact-answer-cannot = 无法办理
contact-answer-silent = 时限内没有答复
contact-reached-service = 本系统
contact-reached-outside = 电话或者信函（对方未接入本系统）

contact-person = 姓名
contact-id-number = 身份证号
contact-from = 来自
contact-to = 发往
contact-whole-way = 起止机构
contact-way = { $from } 至 { $to }
contact-sent = 发出时间
contact-due = 答复时限
contact-provisional = 时限为暂定
contact-provisional-why = 该年度的节假日安排尚未公布
contact-breached = 记录超时的时间
contact-reached = 联系方式
contact-case = 本机构办件编号
contact-message = 请对方办理的内容
contact-files = 附件
contact-answer = 答复
contact-answer-of = 答复机构
contact-waits-for = 等待答复的机构
contact-result = 办理结果
contact-answered-at = 答复时间
contact-answered-by = 登记人
contact-remark = 说明
contact-remark-hint = 无法办理的，请写明原因。
contact-who = 对方答复人
contact-number = 电话号码或者函件编号
contact-number-hint = 例如 010-12345678，或者函件上的编号
contact-at = 对方答复的时间
contact-day = 对方答复的日期
contact-day-hint = 不填写的，按现在登记
contact-time = 时间
contact-time-hint = 例如 14:30
contact-form = 答复
contact-form-record = 登记对方的答复
contact-form-service = 答复后，对方随即看到结果，等待中的办件继续办理。
contact-form-centre = 转送后，由下一机构在其时限内答复；无法转送的，退回发出机构。
contact-form-outside = 对方未接入本系统。请用电话或者信函联系，收到答复后在这里登记答复人、电话号码或者函件编号和时间。
contact-done = 已办理
contact-pass-on = 转送下一机构
contact-cannot = 无法办理
contact-send = 提交
contact-register = 现在为参保人办理备案
contact-register-hint = 备案生效后，这条联系会自动答复。
contact-reveal = 查看完整身份证号
contact-file = 添加附件
contact-upload = 上传
contact-done-answered = 已提交答复
contact-done-file = 已添加附件
contact-line-waits = 等待{ $agency }答复，时限 { $moment }
contact-line-answered = { $agency }于 { $moment } 答复：{ $result }

conflict-contact-answered = 这条联系已经答复或者不再需要答复，请刷新后查看。
conflict-contact-waits = 上一次联系还在等待答复，可以用电话催办。
error-contact-nobody = 没有需要联系的外地经办机构
error-contact-answered-when = 答复时间应在发出之后、现在之前

notice-open-contact = 打开页面：
notice-contact-due = 答复时限：{ $moment }
notice-contact-due-missed = 原答复时限：{ $moment }

notice-contact-received-subject = 有外地经办机构的联系待答复
notice-contact-received-body = 外地经办机构请本机构办理或者核实一件事项。
notice-contact-received-next = 请登录后在“机构联系”中查看并在时限内答复。

notice-contact-last-hour-subject = 机构联系：剩余一个工作小时
notice-contact-last-hour-body = 有一条机构联系还没有答复，距离时限只剩一个工作小时。
notice-contact-last-hour-next = 请登录后在“机构联系”中答复，或者登记对方的答复。

notice-contact-overdue-subject = 机构联系：超过时限未答复
notice-contact-overdue-body = 有一条机构联系超过时限没有答复，已列入督办。逾期后仍然可以答复。
notice-contact-overdue-next = 请登录后在“机构联系”中督促答复。

notice-contact-silent-subject = 外地经办机构在时限内没有答复
notice-contact-silent-body = 本机构联系的外地经办机构在时限内没有答复。不影响参保人的救治和结算。
notice-contact-silent-next = 可以电话催办，或者将无法完成的备案记录在案。

notice-contact-answered-subject = 外地经办机构已经答复
notice-contact-answered-body = 本机构联系的外地经办机构已经答复。
notice-contact-answered-next = 请登录后查看答复。

admin-notice-contact-received = 机构联系待答复
admin-notice-contact-last-hour = 机构联系剩余一个工作小时
admin-notice-contact-overdue = 机构联系超过时限
admin-notice-contact-silent = 外地经办机构没有答复
admin-notice-contact-answered = 外地经办机构已经答复

material-contact = 经办机构联系的附件
