# 异地救治：医药机构台账、经办机构之间的联系、单位批量申报、封闭管理。

action-record = 记录在案
flow-action-record = 无法完成备案的，记录在案
flow-who-other-agency = 被联系的经办机构
decision-recorded = 记录在案
guard-asked-once = 这件办件已经联系过该经办机构；同一机构只能停表联系一次，可以电话催办，或者记录在案。
guard-asked-once-basis = 规则 CLK-5（每联系一个经办机构至多重新计时一次），本系统取值，文件没有逐字规定
desk-reason-contact = 请对方办理或核实的内容
desk-reason-record = 无法完成备案的原因
desk-done-contact = 已联系外地经办机构（{ $receipt }）
desk-done-record = 已记录在案（{ $receipt }）
progress-step-other-agency-answered = 外地经办机构已答复，重新计时
progress-step-recorded = 已记录在案，不影响救治和结算
happened-answered = 外地经办机构已有结果，重新计算时限
happened-recorded = 已记录在案，不影响救治和结算
clock-begun-answer = 外地经办机构有了结果，重新计时
clock-step-answer = { $day } 收到外地经办机构的结果，当日不计入

notice-other-agency-asked-subject = 已联系外地经办机构（{ $receipt }）
notice-other-agency-asked-body = 为办理您的申请，我们已联系外地经办机构。等待答复期间不计入办理时限，不影响您的救治和费用结算。
notice-other-agency-asked-next = 您暂时无需办理其他手续。

notice-other-agency-answered-subject = 外地经办机构已有结果（{ $receipt }）
notice-other-agency-answered-body = 外地经办机构的答复已收到，或者答复时限已过，您的申请继续办理，办理时限重新计算。
notice-other-agency-answered-next = 您暂时无需办理其他手续。

notice-recorded-subject = 您的申请已记录在案（{ $receipt }）
notice-recorded-body = 您的备案因故未能完成，我们已将您的信息和费用记录在案。这不影响您的救治和费用结算。
notice-recorded-next = 您无需重新申请。费用将按规定结算。
notice-recorded-sms = 医保申请{ $receipt }已记录在案，不影响救治和结算。

admin-notice-other-agency-asked = 已联系外地经办机构
admin-notice-other-agency-answered = 外地经办机构已有结果
admin-notice-recorded = 记录在案
