# The clock of a case: its runs and pauses, and how the due time was computed (CLK-3, CLK-5)

clock-line = 计时经过
clock-to = 至
clock-spent = 用时（工作时间）：{ $text }
clock-now = 现在
clock-until = 截止：{ $text }
clock-missed = 已于 { $text } 记为超时
clock-asked-by = 提出人：{ $text }
clock-agency = 经办机构
clock-not-counted = 不计时

clock-begun-submit = 收到申请，开始计时
clock-begun-accept = 已作首次答复，按全程时限继续计时
clock-begun-supplement = 收到补正，重新计时
clock-begun-reopen = 重新办理，重新计时
clock-begun-redate = 按放假安排重新计算截止时间

clock-begun-set-urgency = 改为紧急办件，时限缩短

clock-paused-supplement = 暂停：等待申请人补正
clock-paused-other-agency = 暂停：等待其他经办机构答复
clock-paused-institution = 暂停：等待定点医药机构评估
clock-paused-signature = 暂停：等待申请人签署

clock-step-submit = { $day } 收到申请，当日不计入
clock-step-accept = { $day } 收到申请，当日不计入
clock-step-supplement = { $day } 收到补正，重新起算，当日不计入
clock-step-reopen = { $day } 重新办理，重新起算，当日不计入
clock-step-redate = { $day } 起算，当日不计入
clock-step-set-urgency = { $day } 收到申请，当日不计入
clock-step-urgent = { $day } { $time } 起按紧急办件计时，{ $hours } 个工作小时
clock-step-counted = { $day } 工作日，计入
clock-step-weekend = { $day } 周末，不计入
clock-step-holiday = { $day } 放假，不计入
clock-step-due = { $day } { $time } 截止
clock-step-provisional = 涉及尚未公布放假安排的年份，截止时间为暂定
clock-step-paused-supplement = { $day } 暂停，等待申请人补正；收到后重新起算
clock-step-paused-other-agency = { $day } 暂停，等待其他经办机构答复；收到后重新起算
clock-step-paused-institution = { $day } 暂停，等待定点医药机构评估；收到后重新起算
clock-step-paused-signature = { $day } 暂停，等待申请人签署；签署后重新起算
