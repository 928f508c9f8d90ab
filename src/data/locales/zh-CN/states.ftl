# Names of what a case can be, who acts and how: states, actions, roles, channels, urgency, pause reasons.

state-draft = 草稿
state-awaiting_parcel = 待收邮件
state-submitted = 已提交
state-in_review = 审核中
state-supplement_requested = 待补正
state-awaiting_agency = 待外地经办机构答复
state-awaiting_institution = 待医药机构评估
state-second_review = 复核中
state-fulfilling = 办理中
state-closed = 已办结
state-refused = 不予批准
state-not_accepted = 不予受理
state-withdrawn = 已撤回
state-lapsed = 已失效

action-submit = 提交申请
action-register-parcel = 登记邮件
action-claim = 认领
action-next = 办下一件
action-assign = 分派
action-reassign = 改派
action-release = 退回队列
action-hand-over = 转交
action-accept = 受理
action-request-supplement = 要求补正
action-supplement = 提交补正材料
action-lapse = 逾期失效
action-contact = 联系外地经办机构
action-answer = 答复
action-ask-institution = 请医药机构评估
action-assess = 提交评估意见
action-approve = 批准
action-refuse = 不予批准
action-not-accept = 不予受理
action-return = 退回审核
action-withdraw = 撤回申请
action-meet-obligation = 补交承诺材料
action-reopen = 重新办理
action-redate = 按放假安排重新计算时限
action-breach = 超过时限
action-close = 办结
action-rate = 评价

role-resident = 参保人
role-proxy = 代办人
role-employer-agent = 单位经办人
role-institution-clerk = 医药机构经办人
role-institution-doctor = 医师
role-pharmacist = 药师
role-handler = 经办人
role-reviewer = 复核人
role-supervisor = 业务主管
role-mailroom-clerk = 收发人员
role-finance-officer = 财务人员
role-tax-liaison = 税务联络员
role-provincial-handler = 省中心经办人
role-auditor = 审计人员
role-administrator = 系统管理员
role-system = 系统自动

channel-online = 网上办
channel-mobile = 掌上办
channel-phone = 电话办
channel-mail = 邮寄办
channel-counter = 窗口办
channel-on-behalf = 代办

urgency-routine = 常规事项网上办
urgency-urgent = 紧急事项及时办
urgency-special = 特殊事项便民办
urgency-deferrable = 非急事项延期办
urgency-short-urgent = 紧急
urgency-short-special = 特殊
urgency-short-routine = 常规
urgency-short-deferrable = 可延期

pause-supplement = 等待申请人补正材料
pause-other-agency = 等待外地经办机构答复
pause-institution = 等待医药机构出具评估意见
pause-signature = 等待申请人签署协议

decision-approved = 批准
decision-refused = 不予批准
decision-not_accepted = 不予受理

breach-cause-workload = 办件量超出在岗人员承受能力
breach-cause-staffing = 无人在岗
breach-cause-system-fault = 本系统故障
breach-cause-external-system = 所依赖的外部系统故障
breach-cause-handover-error = 转交错误或过迟
breach-cause-complexity = 案情复杂，需进一步核实
breach-cause-other = 其他原因
