# The ladder of a running term (CLK-7): marks on lists, messages about one or several cases.

mark-yellow = 时限过半
mark-red = 不足一个工作小时

notice-expected = 预计办结时间：{ $moment }
notice-unassigned = 目前没有可以分派的值班经办人，请主管人员安排。
notice-count = 办件数量：{ $count } 件
notice-receipts = 办件编号（最多列出五件）：{ $receipts }

notice-half-time-many-subject = 多件办件的办理时限已过半
notice-half-time-many-body = 以下办件的办理时限已过去一半，尚未作出答复。
notice-half-time-many-next = 请尽快办理，全部办件见工作台。

notice-last-hour-many-subject = 多件办件距办理时限还有一个工作小时
notice-last-hour-many-body = 距以下办件的办理时限只剩一个工作小时，尚未作出答复。
notice-last-hour-many-next = 请立即办理，全部办件见工作台；不能按时办理的，请马上告知主管人员。

notice-assigned-many-subject = 有多件办件已分派给您
notice-assigned-many-body = 以下办件已分派给您办理。
notice-assigned-many-next = 请登录工作台办理，全部办件见“我的办件”。

notice-breached-at-desk-many-subject = 多件办件超时
notice-breached-at-desk-many-body = 以下办件未能在时限内办结，超时已记录，办件已转入主管人员的督办清单。
notice-breached-at-desk-many-next = 请主管人员重新分派或者亲自办理；作出决定时须说明超时原因。

admin-notice-half-time-many = 多件办件时限过半
admin-notice-last-hour-many = 多件办件临近时限
admin-notice-assigned-many = 多件办件分派通知
admin-notice-breached-at-desk-many = 多件办件超时

error-too-many-cases = 一次最多改派 200 件办件，请分批办理
