# 药品和诊疗项目目录（管理员）。

admin-catalogue = 药品和诊疗项目目录
drugs-lead = 各项的类别、临时纳入范围及其起止日期。目录由命令行整体导入；此前已结算的办件保留原类别。
drugs-version = 第 { $number } 版
drugs-entries = 共 { $count } 条
drugs-search = 名称、拼音首字母或编码
drugs-find = 查找
drugs-all = 显示全部
drugs-none = 目录中没有符合条件的项目。
drugs-none-imported = 尚未导入目录。
drugs-code = 编码
drugs-name = 名称
drugs-sort = 项目类型
drugs-sort-drug = 药品
drugs-sort-service = 诊疗项目
drugs-sort-antigen_test = 抗原检测
drugs-sort-follow_up = 新冠门诊复查
drugs-unit = 单位
drugs-class = 类别
drugs-class-A = 甲类
drugs-class-B = 乙类
drugs-class-outside = 目录外
drugs-own-share = （先行自付 { $share }）
drugs-list = 所属目录
drugs-list-ordinary = 基本医保目录
drugs-list-protocol = 新冠诊疗方案
drugs-list-provincial-temporary = 省临时增补药品
drugs-list-third-supplementary = 第三批省级增补药品
drugs-from = 起始日
drugs-to = 截止日

# 政策包中关于结算的内容。

policy-key-settlement-deductible-by-admission = 起付线按年度住院次数计取的比例
policy-key-settlement-cross-region-reduction-care = 适用异地就医降低比例的就医类型
policy-key-settlement-serious-illness-care = 计入大病保险的就医类型
policy-key-settlement-covid-outpatient-care = 新冠门急诊专项保障的就医类型
policy-key-catalogue-ordinary = 基本目录的可报销金额
policy-key-catalogue-protocol-statuses = 诊疗方案临时目录适用的患者
policy-key-subsidy-mixed-stay = 同一次住院另有其他费用
policy-option-not-payable = 不予支付
policy-option-a-in-full-b-less-own-share = 甲类全额，乙类扣除先行自付部分
policy-option-insurance-in-proportion-to-eligible = 各项保险支付按可报销金额比例分摊
policy-column-admission = 自年度第几次住院起
