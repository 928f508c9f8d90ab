# Words of the messages that are sent: SMS, e-mail, inbox. No diagnosis and no full ID number in any of them (CAS-12).

notice-greeting = 您好：
notice-item = 事项：{ $item }
notice-receipt = 办件编号：{ $receipt }
notice-due = 办理时限：{ $moment }
notice-due-missed = 应办结时间：{ $moment }
notice-last-day = 补正截止日期：{ $day }
notice-material = 承诺补交的材料：{ $material }
notice-material-due = 补交期限：{ $day }
notice-progress = 查看办理进度：
notice-hotline = 服务热线：{ $phone }
notice-automatic = 本消息由系统自动发送，请勿回复。

notice-received-subject = 您的申请已收到（{ $receipt }）
notice-received-body = 我们已收到您的申请，现正按规定时限办理。
notice-received-next = 请记下办件编号，查询进度时需要使用。

notice-supplement-requested-subject = 您的申请需要补正（{ $receipt }）
notice-supplement-requested-body = 您的申请还缺少部分材料或内容，需要您补正。需要补正的全部内容已一次性告知。
notice-supplement-requested-next = 请登录本平台查看需要补正的内容，并在截止日期前提交。等待补正期间不计入办理时限；逾期未提交的，本次申请失效，您可以重新申请。

notice-resumed-subject = 补正材料已收到（{ $receipt }）
notice-resumed-body = 我们已收到您提交的补正内容，办理时限自收到之时重新计算。
notice-resumed-next = 您暂时无需办理其他手续。

notice-approved-subject = 您的申请已办理完成（{ $receipt }）
notice-approved-body = 经审核，您的申请已获同意。
notice-approved-next = 请登录本平台查看办理结果。

notice-refused-subject = 您的申请有了办理结果（{ $receipt }）
notice-refused-body = 经审核和复核，您的申请不予批准。
notice-refused-next = 不予批准的理由、依据条款和救济途径，请登录本平台查看。对决定有疑问的，可以向作出决定的经办机构询问，也可以依法申请行政复议或者提起行政诉讼。

notice-not-accepted-subject = 您的申请有了办理结果（{ $receipt }）
notice-not-accepted-body = 经审核和复核，您的申请不予受理。
notice-not-accepted-next = 不予受理的理由、依据条款和救济途径，请登录本平台查看。对决定有疑问的，可以向作出决定的经办机构询问，也可以依法申请行政复议或者提起行政诉讼。

notice-withdrawn-subject = 您的申请已撤回（{ $receipt }）
notice-withdrawn-body = 按照您的要求，本次申请已撤回，不再办理。
notice-withdrawn-next = 如有需要，您可以随时重新申请。

notice-lapse-reminder-subject = 补正即将到期（{ $receipt }）
notice-lapse-reminder-body = 您的申请仍在等待补正，补正期限即将届满。
notice-lapse-reminder-next = 请登录本平台查看需要补正的内容，并在截止日期前提交。逾期未提交的，本次申请失效，您可以重新申请。

notice-lapsed-subject = 您的申请已失效（{ $receipt }）
notice-lapsed-body = 因在期限内未收到您的补正内容，本次申请已失效，不再办理。
notice-lapsed-next = 您可以随时登录本平台重新申请；不便上网的，可以拨打服务热线，由工作人员协助申请。

notice-breached-subject = 您的申请未能按时办结（{ $receipt }）
notice-breached-body = 很抱歉，我们未能在规定时限内办结您的申请。此事已记录在案，并已转由主管人员督办。
notice-breached-next = 您无需重新申请。办理结果将另行通知您。

notice-reopened-subject = 您的申请已重新办理（{ $receipt }）
notice-reopened-body = 经复查，您的申请已重新开始办理。
notice-reopened-next = 您无需重新申请。办理结果将另行通知您。

notice-obligation-reminder-subject = 承诺补交的材料即将到期（{ $receipt }）
notice-obligation-reminder-body = 您申请时承诺补交的材料尚未收到，补交期限即将届满。
notice-obligation-reminder-next = 请登录本平台上传该材料。

notice-half-time-subject = 办理时限已过半（{ $receipt }）
notice-half-time-body = 该办件的办理时限已过去一半，尚未作出答复。
notice-half-time-next = 请尽快办理。

notice-last-hour-subject = 距办理时限还有一个工作小时（{ $receipt }）
notice-last-hour-body = 距该办件的办理时限只剩一个工作小时，尚未作出答复。
notice-last-hour-next = 请立即办理；不能按时办理的，请马上告知主管人员。

notice-assigned-subject = 有一件办件已分派给您（{ $receipt }）
notice-assigned-body = 该办件已分派给您办理。
notice-assigned-next = 请登录工作台办理。

notice-breached-at-desk-subject = 办件超时（{ $receipt }）
notice-breached-at-desk-body = 该办件未能在时限内办结，超时已记录，办件已转入主管人员的督办清单。
notice-breached-at-desk-next = 请主管人员重新分派或者亲自办理；作出决定时须说明超时原因。

notice-redated-subject = 您的申请的办理时限有调整（{ $receipt }）
notice-redated-body = 因国务院办公厅公布的放假安排，您的申请的办理时限已按规定重新计算。
notice-redated-next = 您无需办理任何手续。
