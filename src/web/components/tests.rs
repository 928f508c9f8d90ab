//! Each block rendered once and compared with what is expected.

use askama::Template;

use super::*;
use crate::domain::case::{State, Urgency};
use crate::domain::ladder::Mark;
use crate::domain::locale::Locale;
use crate::domain::time::Ts;
use crate::web::words::Remaining;

const ZH: Locale = Locale::Zh;

/// A page's template holds blocks; they are not escaped again, what they hold is.
#[derive(Template)]
#[template(
    source = "<form>{{ summary }}{% for field in fields %}{{ field }}{% endfor %}</form>",
    ext = "html"
)]
struct Form {
    summary: ErrorSummary,
    fields: Vec<Field>,
}

#[test]
fn a_form_comes_back_with_faults_on_top_and_at_the_field_and_with_what_was_typed() {
    let fault = "请填写以元为单位的金额";
    let form = Form {
        summary: ErrorSummary::of(ZH, [("amount", fault)]).unwrap(),
        fields: vec![Field::Text(
            TextField::new(ZH, "amount", "发票总金额（元）")
                .kind(InputKind::Money)
                .hint("最多两位小数")
                .value("<12\"")
                .error(Some(fault.to_owned())),
        )],
    };
    let html = form.render().unwrap();
    assert!(html.contains("有 1 处需要更正"));
    assert!(html.contains(r##"<a href="#f-amount">请填写以元为单位的金额</a>"##));
    assert!(html.contains(r#"id="f-amount" name="amount" type="text" value="&#60;12&#34;" inputmode="decimal" spellcheck="false" aria-invalid="true" aria-describedby="f-amount-hint f-amount-error""#), "{html}");
    assert!(html.contains(r#"<p id="f-amount-error" class="govuk-error-message">"#));
}

#[test]
fn a_form_without_faults_has_no_summary() {
    assert!(ErrorSummary::of(ZH, []).is_none());
}

#[test]
fn one_question_a_page_has_its_label_as_heading() {
    let html = TextField::new(ZH, "end", "结束日期")
        .kind(InputKind::Date)
        .heading()
        .optional()
        .to_string();
    assert!(html.contains(r#"<h1 class="govuk-label-wrapper"><label class="govuk-label govuk-label--l" for="f-end">结束日期 <span class="mb-optional">（选填）</span>"#));
    assert!(html.contains(r#"type="date""#) && html.contains("例如 2026-11-24"));
}

#[test]
fn a_long_text_counts_what_is_left() {
    let html = Area::new(ZH, "reason", "理由")
        .max(200)
        .value("原文")
        .to_string();
    assert!(
        html.contains(r#"data-maxlength="200""#) && html.contains("最多 200 个字"),
        "{html}"
    );
    assert!(
        html.contains(r#"aria-describedby="f-reason-info">"#) && html.contains("\n原文</textarea>")
    );
    assert!(html.contains("还可以输入 %{count} 个字"), "{html}");
}

#[test]
fn answers_are_chosen_again() {
    let options = || {
        vec![
            Opt::new("a", "甲").chosen_if("b"),
            Opt::new("b", "乙").hint("说明").chosen_if("b"),
        ]
    };
    let radios = Choice::new(ZH, "kind", "类别", options()).to_string();
    assert!(
        radios.contains(r#"id="f-kind" name="kind" type="radio" value="a">"#),
        "{radios}"
    );
    assert!(radios.contains(r#"id="f-kind-2" name="kind" type="radio" value="b" checked aria-describedby="f-kind-2-hint">"#));
    let list = Select::flat(ZH, "kind", "类别", options()).to_string();
    assert!(
        list.contains(r#"<option value="b" selected>乙</option>"#) && !list.contains("data-filter")
    );
    let pledge = Checks::pledge(ZH, "pledge", "承诺", "以上内容属实", "yes").to_string();
    assert!(
        pledge.contains(r#"type="checkbox" value="yes" checked>"#)
            && pledge.contains("以上内容属实")
    );
}

#[test]
fn a_long_list_has_its_provinces_and_a_search() {
    let prefectures = (0..20)
        .map(|n| Opt::new(format!("37{n:02}00"), format!("第{n}市")))
        .collect();
    let html = Select::new(
        ZH,
        "region",
        "就医地",
        vec![Group {
            label: Some("山东省".into()),
            options: prefectures,
        }],
    )
    .to_string();
    assert!(
        html.contains(r#"<optgroup label="山东省">"#)
            && html.contains(r#"data-filter="输入名称查找""#)
    );
}

#[test]
fn the_button_for_files_speaks_the_page_s_language() {
    let html = FileField::new(ZH, "file", "发票照片")
        .multiple()
        .to_string();
    assert!(
        html.contains(r#"for="f-file">选择文件或拍照</label>"#) && html.contains(" multiple"),
        "{html}"
    );
    assert!(html.contains(r#"data-failed="{name} 没有上传成功""#));
}

#[test]
fn nobody_is_asked_to_photograph_a_list() {
    let html = FileField::new(ZH, "file", "填好的名单")
        .accept(".xlsx,.csv,text/csv")
        .to_string();
    assert!(html.contains(">选择文件</label>"), "{html}");
}

#[test]
fn steps_say_in_words_how_far_they_are() {
    let html = Steps::at(
        ZH,
        ["提交".to_owned(), "审核".to_owned(), "办结".to_owned()],
        1,
    )
    .to_string();
    insta::assert_snapshot!(html, @r#"
    <ol class="mb-steps" aria-label="办理进度">
    <li class="mb-steps__done">提交<span class="govuk-visually-hidden"> 已完成</span></li>
    <li class="mb-steps__current" aria-current="step">审核<span class="govuk-visually-hidden"> 当前步骤</span></li>
    <li class="mb-steps__todo">办结<span class="govuk-visually-hidden"> 未开始</span></li>
    </ol>
    "#);
}

#[test]
fn a_deadline_says_exact_time_and_what_is_left() {
    let deadline = Deadline {
        locale: ZH,
        remaining: Remaining::Left(200),
        due: Ts::parse("2026-11-24T17:30:00+08:00"),
        day_minutes: 450,
        mark: Mark::Yellow,
        provisional: false,
        dense: false,
    };
    insta::assert_snapshot!(deadline, @r#"<span class="mb-deadline mb-deadline--soon"><strong>还剩 3 小时 20 分（工作时间）</strong> <span class="mb-mark">时限过半</span> <time datetime="2026-11-24T17:30:00+08:00">2026年11月24日 17:30（星期二）</time></span>"#);
    let last = Deadline {
        mark: Mark::Red,
        ..deadline.clone()
    };
    let html = last.to_string();
    assert!(html.contains("mb-deadline--last") && html.contains("不足一个工作小时"));
    let late = Deadline {
        remaining: Remaining::Over(5),
        mark: Mark::Breached,
        dense: true,
        provisional: true,
        ..deadline
    };
    let html = late.to_string();
    assert!(
        html.contains("已超过办理时限 5 分")
            && html.contains("2026-11-24 17:30")
            && html.contains("时限为暂定")
    );
}

#[test]
fn a_summary_shows_where_a_value_comes_from_and_how_to_change_it() {
    let rows = vec![
        SummaryRow::new("手机", "138****5678")
            .note("来自参保登记")
            .change("#f-phone".to_owned()),
        SummaryRow::new("姓名", "<b>示例</b>"),
    ];
    let html = SummaryList::new(ZH, rows).to_string();
    assert!(html.contains(r##"<a class="govuk-link" href="#f-phone">修改<span class="govuk-visually-hidden"> 手机</span></a>"##));
    assert!(
        html.contains("来自参保登记")
            && html.contains("&#60;b&#62;示例")
            && html.contains("row--no-actions")
    );
}

#[test]
fn tasks_show_how_far_they_are() {
    let tag = Tag::new("待补正", TagColour::Yellow);
    assert!(tag.to_string().contains("待补正"));
    let tasks = TaskList {
        tasks: vec![Task {
            text: "上传发票".into(),
            url: None,
            hint: Some("可拍照".into()),
            state: tag,
        }],
    };
    assert!(tasks.to_string().contains(
        r#"<strong class="govuk-tag govuk-tag--yellow mb-tag--waiting">待补正</strong>"#
    ));
}

#[test]
fn notices_are_complete() {
    let banner = Banner::new(ZH, BannerKind::Success, "已保存").line("稍后再办");
    assert!(banner.to_string().contains("办理成功") && banner.to_string().contains("稍后再办"));
    let panel = Panel {
        heading: "提交成功".into(),
        label: "办件编号".into(),
        value: "371000".into(),
    };
    assert!(
        panel
            .to_string()
            .contains(r#"<h1 class="govuk-panel__title">提交成功</h1>"#)
    );
}

#[test]
fn histories_and_pages_of_lists_are_complete() {
    let entry = Entry {
        at: Ts::parse("2026-11-24T09:30:00Z").unwrap(),
        what: "受理".into(),
        who: "经办人".into(),
        lines: vec!["材料齐全".into()],
    };
    assert!(
        Timeline::new(ZH, vec![entry])
            .to_string()
            .contains("2026年11月24日 17:30（星期二）")
    );
    assert_eq!(
        Pages {
            locale: ZH,
            previous: None,
            next: None
        }
        .to_string(),
        ""
    );
    let pages = Pages {
        locale: ZH,
        previous: None,
        next: Some("#next".into()),
    }
    .to_string();
    assert!(
        pages.contains(r##"href="#next" rel="next" data-key="]""##) && !pages.contains("上一页")
    );
    assert!(
        Empty {
            text: "暂无办件".into(),
            link: None
        }
        .to_string()
        .contains("暂无办件")
    );
}

#[test]
fn every_state_and_urgency_has_a_tag_with_words() {
    use strum::IntoEnumIterator;
    for locale in Locale::ALL {
        for tag in State::iter().map(|state| Tag::state(locale, state)) {
            assert!(!tag.to_string().contains("state-"), "{tag}");
        }
        for tag in Urgency::iter().map(|urgency| Tag::urgency(locale, urgency)) {
            assert!(!tag.to_string().contains("urgency-"), "{tag}");
        }
    }
    assert!(
        Tag::state(ZH, State::SupplementRequested)
            .to_string()
            .contains("待补正")
    );
}
