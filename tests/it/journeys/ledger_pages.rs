//! The pages of institutions and of the desk for the patient ledger (IN-4, XR-6): entering with faults, course, costs,
//! correction, whole lists; on both databases.

use reqwest::blocking::multipart::{Form, Part};
use rstest::rstest;

use super::ledger::{outsider, world};
use crate::harness::service::Kind::{self, Postgres, Sqlite};
use crate::harness::user::{Reply, TestUser};
use crate::harness::world::{PASSWORD, World, id_number};

fn at_work<'w>(world: &'w World, username: &str) -> TestUser<'w> {
    TestUser::sign_in(&world.harness, username, PASSWORD)
}

const NEW: &str = "/institution/patients/new";

/// Fills in the form of an entry; answers its page.
#[track_caller]
fn entered(clerk: &TestUser<'_>, number: u16) -> String {
    let number = outsider(number);
    let fields = [
        ("name", "示例患者"),
        ("id_number", number.as_str()),
        ("status", "suspected"),
        ("admitted_on", "2026-11-20"),
        ("place_of_insurance", "110100"),
    ];
    let reply = clerk.submit(NEW, NEW, &fields).expect(303);
    let (path, done) = reply.location().split_once('?').unwrap();
    assert_eq!(done, "done=entered");
    path.to_owned()
}

#[rstest]
fn a_clerk_works_with_an_entry(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = world(kind);
    let clerk = at_work(&world, "clerk1");
    let home = clerk.get("/institution").expect(200);
    assert!(home.text.contains("示例医院 371000") && home.text.contains("登记患者"));
    let faulty = [
        ("name", "示例"),
        ("id_number", "3710001970010100"),
        ("sex", "female"),
    ];
    let again = clerk.submit(NEW, NEW, &faulty).expect(422);
    assert!(
        again.text.contains("身份证号应为 18 位") || again.text.contains("18 位"),
        "{}",
        again.text
    );
    assert!(again.text.contains("href=\"#f-id-number\"") && again.text.contains("value=\"示例\""));

    let page = entered(&clerk, 1);
    let shown = clerk.get(&page).expect(200);
    assert!(shown.text.contains("待备案") && shown.text.contains("治疗和结算都不用等"));
    assert!(
        !shown.text.contains(outsider(1).as_str()) && shown.text.contains(&outsider(1).masked())
    );
    let act = |what: &str, fields: &[(&str, &str)]| {
        clerk.submit(&page, &format!("{page}/{what}"), fields)
    };
    let versioned =
        |version: &'static str, more: (&'static str, &'static str)| [("version", version), more];
    // What the place of insurance was asked is a change of the entry already (XR-5).
    act("status", &versioned("2", ("status", ""))).expect(422);
    act("status", &versioned("2", ("status", "confirmed"))).expect(303);
    let old = act(
        "discharge",
        &versioned("1", ("discharged_on", "2026-11-23")),
    )
    .expect(409);
    assert!(old.text.contains("这名患者的登记已被更新"), "{}", old.text);

    let cost = [
        ("kind", "drug"),
        ("incurred_on", "2026-11-21"),
        ("amount", "1,234.5"),
    ];
    let separators = act("costs", &cost).expect(422);
    assert!(separators.text.contains("不要使用千位分隔符"));
    let cost = [
        ("kind", "drug"),
        ("incurred_on", "2026-11-21"),
        ("amount", "1234.5"),
    ];
    act("costs", &cost).expect(303);
    let shown = clerk.get(&page).expect(200);
    assert!(shown.text.contains("1,234.50 元") && shown.text.contains("不占用医院总额预算指标"));
    let (_, rest) = shown.text.split_once(&format!("{page}/costs/")).unwrap();
    let back = format!("{page}/costs/{}", rest.split('"').next().unwrap());
    clerk.submit(&back, &back, &[("reason", "")]).expect(422);
    clerk
        .submit(&back, &back, &[("reason", "示例：记错")])
        .expect(303);
    clerk
        .submit(&back, &back, &[("reason", "示例：记错")])
        .expect(409);
    assert!(
        clerk
            .get(&page)
            .expect(200)
            .text
            .contains("<strong>0.00 元</strong>")
    );
}

#[rstest]
fn a_wrong_entry_is_corrected_with_its_reason(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = world(kind);
    let clerk = at_work(&world, "clerk1");
    let page = entered(&clerk, 2);
    let form = format!("{page}/correct");
    let right = outsider(3);
    let mut fields = vec![
        ("version", "2"),
        ("name", "示例患者甲"),
        ("id_number", right.as_str()),
        ("admitted_on", "2026-11-19"),
        ("place_of_insurance", "371002"),
    ];
    clerk.submit(&form, &form, &fields).expect(422);
    fields.push(("reason", "示例：录错"));
    clerk.submit(&form, &form, &fields).expect(303);
    let shown = clerk.get(&page).expect(200).text;
    assert!(shown.contains("示例患者甲") && shown.contains(&right.masked()));
    assert!(
        shown.contains("原因：示例：录错") && shown.contains("无需备案"),
        "{shown}"
    );
    // Found by the whole number, which stands in no address.
    let search = |number: &str| {
        let fields = [("id_number", number)];
        clerk.submit(
            "/institution/patients",
            "/institution/patients/search",
            &fields,
        )
    };
    assert!(
        search(right.as_str())
            .expect(200)
            .text
            .contains("示例患者甲")
    );
    assert!(
        search(outsider(2).as_str())
            .expect(200)
            .text
            .contains("没有找到")
    );
    search("12").expect(422);

    let handler = at_work(&world, "handler1");
    let desk = page.replace("/institution/", "/desk/");
    let read = handler.get(&desk).expect(200).text;
    assert!(read.contains("示例患者甲") && !read.contains("办理出院"));
    assert!(
        handler
            .get("/desk/patients")
            .expect(200)
            .text
            .contains("示例医院 371000")
    );
    at_work(&world, "handler-elsewhere").get(&desk).expect(404);
    at_work(&world, "clerk2").get(&page).expect(404);
}

#[track_caller]
fn upload(
    clerk: &TestUser<'_>,
    action: &str,
    page: &Reply,
    part: Part,
    name: &'static str,
) -> Reply {
    let form = Form::new()
        .text("csrf", page.form_token(action))
        .part(name, part);
    clerk.send(clerk.request(reqwest::Method::POST, action).multipart(form))
}

const IMPORT: &str = "/institution/patients/import";

#[track_caller]
fn import(clerk: &TestUser<'_>, bytes: Vec<u8>) -> Reply {
    let page = clerk.get(IMPORT).expect(200);
    upload(
        clerk,
        IMPORT,
        &page,
        Part::bytes(bytes).file_name("名单.csv"),
        "file",
    )
}

/// Rows of a list: good ones and one of each fault.
fn list() -> String {
    let mut rows = vec!["姓名,性别,年龄,身份证号,诊断,入院日期,出院日期,险种,参保地".to_owned()];
    let good = outsider(10);
    rows.push(format!(
        "示例甲,男,56,{},疑似,2026-11-20,,,北京市",
        good.as_str()
    ));
    rows.push(format!(
        "示例乙,,,{},确诊,2026/11/1,2026-11-9,职工医保,110100",
        outsider(11).as_str()
    ));
    rows.push(format!(
        "示例居民1,,,{},确诊,2026-11-2,,,",
        id_number(1).as_str()
    ));
    rows.push(format!(
        "示例丙,女,,{},疑似,2026-11-20,,,110100",
        outsider(12).as_str()
    ));
    rows.push("示例丁,,,371000197001010011,疑似,2026-11-20,,,110100".to_owned());
    rows.push("示例戊,,,3.71E+17,疑似,2026-11-20,,,110100".to_owned());
    rows.push(format!(
        "示例己,,,{},疑似,44000,,,110100",
        outsider(13).as_str()
    ));
    rows.push(format!(
        "示例庚,,,{},病危,2026-11-20,2026-11-1,,",
        outsider(14).as_str()
    ));
    rows.push(format!(
        "示例甲,,,{},疑似,2026-11-21,,,110100",
        good.as_str()
    ));
    rows.join("\n")
}

#[rstest]
fn a_list_is_entered_and_each_bad_row_comes_back(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = world(kind);
    let clerk = at_work(&world, "clerk1");
    let result = import(&clerk, list().into_bytes()).expect(200);
    let count = |reply: &Reply, words: &str, count: usize| {
        assert!(
            reply
                .text
                .contains(&format!("<strong>{count}</strong> {words}")),
            "{words}: {}",
            reply.text
        );
    };
    count(&result, "行新登记", 3);
    count(&result, "行退回", 6);
    // The same file again changes nothing; another encoding is the same file.
    let again = import(&clerk, encoding_rs::GB18030.encode(&list()).0.into_owned()).expect(200);
    count(&again, "行新登记", 0);
    count(&again, "行没有新的内容", 3);

    let report = "/institution/patients/import/report";
    let (_, hidden) = result.text.split_once("name=\"report\" value=\"").unwrap();
    let hidden = hidden.split('"').next().unwrap().to_owned();
    let file = upload(&clerk, report, &result, Part::text(hidden), "report").expect(200);
    assert!(file.header("content-type").starts_with("text/csv"));
    let rows: Vec<String> = file
        .text
        .lines()
        .skip(1)
        .map(|line| line.split(',').take(2).collect::<Vec<_>>().join(" "))
        .collect();
    assert_eq!(
        rows,
        [
            "5 性别",
            "6 身份证号码",
            "7 身份证号码",
            "8 入院日期",
            "9 诊断",
            "9 出院日期",
            "10 入院日期"
        ]
    );
    for person in ["示例丙", outsider(12).as_str()] {
        assert!(!result.text.contains(person) && !file.text.contains(person));
    }
    let listed = clerk.get("/api/v1/patients").expect(200).json();
    assert_eq!(listed["items"].as_array().unwrap().len(), 3);
}

#[test]
fn a_workbook_is_a_list_too_and_a_number_is_no_id_number() {
    let world = world(Sqlite);
    let clerk = at_work(&world, "clerk1");
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    let day = rust_xlsxwriter::Format::new().set_num_format("yyyy-mm-dd");
    let admitted = rust_xlsxwriter::ExcelDateTime::from_ymd(2026, 11, 20).unwrap();
    for (column, heading) in (0..).zip(["姓名", "身份证号", "诊断", "入院日期", "参保地"])
    {
        sheet.write_string(0, column, heading).unwrap();
    }
    for row in [1, 2] {
        sheet.write_string(row, 0, "示例患者").unwrap();
        sheet.write_string(row, 2, "确诊").unwrap();
        sheet
            .write_datetime_with_format(row, 3, &admitted, &day)
            .unwrap();
        sheet.write_number(row, 4, 110_100).unwrap();
    }
    sheet.write_string(1, 1, outsider(20).as_str()).unwrap();
    sheet
        .write_number(2, 1, 371_000_197_001_010_011_f64)
        .unwrap();
    let result = import(&clerk, book.save_to_buffer().unwrap()).expect(200);
    assert!(result.text.contains("<strong>1</strong> 行新登记"));
    assert!(result.text.contains("单元格是数字格式"), "{}", result.text);
}

#[test]
fn a_file_that_is_no_list_is_refused_as_a_whole() {
    let world = world(Sqlite);
    let clerk = at_work(&world, "clerk1");
    let refused = |bytes: &[u8], words: &str| {
        let reply = import(&clerk, bytes.to_vec()).expect(422);
        assert!(reply.text.contains(words), "{words}: {}", reply.text);
    };
    refused("姓名,身份证号\n".as_bytes(), "缺少列");
    refused(b"%PDF-1.4\n", "这不是电子表格");
    refused(b"", "列名下面没有内容");
    let template = clerk.get("/institution/patients/template.xlsx").expect(200);
    assert!(
        template
            .header("content-disposition")
            .contains("patient-ledger.xlsx")
    );
    assert!(template.text.starts_with("PK"));
}
