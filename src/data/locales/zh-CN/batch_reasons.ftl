# 上传的名单：整个文件的问题，以及每一行退回的原因。

error-sheet-too-large = 文件超过 { $megabytes } MB。请删去多余的工作表、图片和格式，或者分成几个文件上传
error-sheet-type = 这不是电子表格。请上传 XLSX 或 CSV 文件，可以先下载模板
error-sheet-old-format = 这是旧版 Excel 文件（.xls）。请用表格软件打开，另存为“Excel 工作簿（.xlsx）”后上传
error-sheet-encrypted = 文件设有密码，无法读取。请取消密码，另存后上传
error-sheet-macros = 文件含有宏。请另存为不含宏的“Excel 工作簿（.xlsx）”后上传
error-sheet-bomb = 文件内容过大，不是正常的名单。请把名单复制到新下载的模板中，另存后上传
error-sheet-broken = 文件不完整或已损坏。请用表格软件重新打开并另存为 XLSX 后上传
error-sheet-encoding = 无法识别文字编码。请另存为“CSV UTF-8”或 XLSX 后上传
error-sheet-quotes = 第 { $row } 行的引号没有成对，后面的内容无法分行。请改正这一行，或者另存为 XLSX 后上传
error-sheet-columns-missing = 缺少列：{ $columns }。请保留模板第一行的列名
error-sheet-columns-unknown = 有不认识的列：{ $columns }。请删去这些列，或者按模板改正列名
error-sheet-columns-double = 列名重复：{ $columns }。每个列名只能出现一次
error-sheet-merged = 单元格 { $range } 是合并的。请取消合并，在每一行填写完整后上传
error-sheet-no-rows = 列名下面没有内容。请从第二行起每人填写一行
error-sheet-too-many-rows = 一个文件最多 { $most } 行，请分成几个文件上传

error-cell-formula = 单元格里是公式。请复制该列，用“选择性粘贴—数值”粘贴后再上传
error-cell-error = 单元格里是错误值，无法读取。请重新填写
error-cell-number-not-text = 单元格是数字格式，表格软件可能已经改掉了末尾几位。请先把该列设为文本格式，再对照证件重新填写完整号码
error-cell-number-not-day = 单元格是数字，无法确认是哪一天。请把该列设为日期格式，或者按“2026-11-24”填写
error-cell-day-not-text = 单元格是日期格式，请改为文本格式后重新填写
error-cell-too-long = 内容过长，请核对是否填错了列
error-row-beside = 没有列名的列里有内容，这一行可能错位了，请核对
error-row-unclear = 这一行不符合规定，请核对后重新填写

error-id-number-characters = 身份证号只能有数字，最后一位可以是 X
error-id-number-fifteen-digits = 15 位旧号码已停用，请填写 18 位号码
error-id-number-length = 身份证号应为 18 位
error-id-number-province = 身份证号前两位不是省份代码，请对照证件核对
error-id-number-date = 身份证号中的出生日期不存在，请对照证件核对
error-id-number-birth-before1900 = 身份证号中的出生日期早于 1900 年，请对照证件核对
error-id-number-birth-in-future = 身份证号中的出生日期晚于今天，请对照证件核对
error-id-number-checksum = 身份证号最后一位与前面的号码不符，请对照证件核对

error-not-your-staff = 本单位目前参保人员中没有这个号码，请核对；新入职人员请先办理参保登记
error-insured-in-another-pool = 该职工目前在其他统筹区参保，请由本人或者在参保地申报
error-overlap-own = 与本单位已申报的备案（{ $receipt }）同一地区、时间重叠，请核对日期；需要改动的，请办理备案变更
error-overlap-other = 该职工已有同一地区、时间重叠的备案，请与本人核对
error-twice-in-file = 与本文件第 { $row } 行是同一人，时间重叠，请只保留一行

notice-batch-done-subject = 批量申报已处理完毕
notice-batch-done-body = 您上传的名单已逐行处理完毕。
notice-batch-done-next = 请登录查看每一行的结果。退回的行可以下载，改正后再次上传；已申报的行不会重复申报。
notice-rows-filed = 已申报：{ $count } 行
notice-rows-rejected = 退回：{ $count } 行
notice-rows-duplicate = 重复、未再申报：{ $count } 行
admin-notice-batch-done = 批量申报处理完毕

error-name-differs = 姓名与参保登记不一致，请对照证件核对姓名和身份证号
error-phone-unknown = 参保登记中没有这名职工的手机号，请改用完整名单申报并填写手机号
material-staff-list = 完整名单（起止日期和手机号）
material-staff-list-hint = 由单位上传完整名单补齐，不需要单独上传文件。
