# 登录与账号。

sign-in-title = 登录
sign-in-name = 用户名或身份证号
sign-in-name-hint = 居民可以用居民身份证号登录，工作人员用单位分配的用户名登录。
sign-in-password = 密码
sign-in-button = 登录
sign-in-refused = 用户名或密码不正确，或者该账号不能登录。请核对后重试。
sign-in-wait = 失败次数过多，请在 { $minutes } 分钟后再试。
sign-in-identity = 本系统的密码账号供演示和尚未接入省级统一身份认证的经办机构使用，用密码账号提交的申请会注明登录方式。

demo-accounts-title = 演示账号
demo-accounts-why = 这是演示系统，人员均为虚构。点一下即可用该账号登录。
demo-accounts-pool = 统筹区 { $pool }
demo-sign-in-as = 以 { $username } 登录

account-title = 我的账号
account-name = 姓名
account-username = 用户名
account-role = 身份
account-pool = 统筹区
account-agency = 经办机构
account-language = 短信、邮件和站内消息使用的语言
account-language-saved = 已保存
account-sessions = 正在登录的设备
account-session-began = 登录时间
account-session-seen = 最近使用
account-session-ends = 最晚退出
account-end-others = 退出其他设备
account-others-ended = 其他设备已退出。

password-title = 修改密码
password-link = 修改密码
password-old = 现在的密码
password-new = 新密码
password-new-hint = 8 到 128 个字符，不限种类，不能与用户名相同。
password-repeat = 再输入一次新密码
password-button = 保存新密码
password-changed = 密码已修改，其他设备已退出。
save-button = 保存

error-password-wrong = 现在的密码不正确
error-password-short = 新密码至少 { $min } 个字符
error-password-long = 新密码最多 { $max } 个字符
error-password-is-name = 新密码不能与用户名相同
error-password-differs = 两次输入的新密码不一致

inbox-empty = 目前没有消息。办件有进展时会在这里通知您。
inbox-unread = 未读
inbox-mark-all = 全部标为已读
inbox-to-case = 查看办件 { $receipt }
