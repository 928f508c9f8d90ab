# Names, fields and materials of the service items.

# Items: names and summaries.

item-cross-region-registration = 异地就医备案
item-cross-region-registration-summary = 到参保地以外看病前办理备案，费用可以直接结算。
item-cross-region-change = 变更异地就医备案
item-cross-region-change-summary = 改变已备案的就医地或起止日期。
item-cross-region-cancellation = 取消异地就医备案
item-cross-region-cancellation-summary = 不再需要异地就医时取消备案。
item-reimbursement = 医疗费用零星报销
item-reimbursement-summary = 没有直接结算的医疗费用，凭票据申请报销。
item-chronic-recognition = 门诊慢特病认定
item-chronic-recognition-summary = 申请高血压、糖尿病等门诊慢特病待遇。
item-enrolment = 参保登记
item-enrolment-summary = 个人或单位办理医保参保登记。
item-personal-data-change = 参保信息变更
item-personal-data-change-summary = 更正姓名、电话、住址等个人信息。
item-institution-change = 变更定点医疗机构
item-institution-change-summary = 更换签约的定点医疗机构。
item-relation-transfer = 医保关系转移接续
item-relation-transfer-summary = 换地方参保时转移医保关系和个人账户。
item-contribution-base = 缴费基数申报
item-contribution-base-summary = 单位申报职工医保缴费基数。
item-staff-changes = 职工增减变动
item-staff-changes-summary = 单位办理职工参保人员增加和减少。
item-contribution-deferral = 阶段性缓缴医保费
item-contribution-deferral-summary = 生产经营暂时困难的企业申请缓缴。
item-institution-agreement = 定点医药机构协议申请
item-institution-agreement-summary = 医疗机构和药店申请签订医保定点协议。
item-benefit-payment = 待遇核定与支付
item-benefit-payment-summary = 核定并发放生育津贴等医保待遇。
