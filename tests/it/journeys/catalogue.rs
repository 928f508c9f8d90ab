//! The catalogue of drugs and services (SET-2, SET-3): taken in, searched, classified by day, on both databases.

use bujianmian::data::CATALOGUE_SAMPLE;
use bujianmian::domain::claim::Class;
use bujianmian::domain::settlement::{Listed, Sort};
use bujianmian::domain::time::{Day, Ts};
use bujianmian::store::catalogue::classify;
use bujianmian::usecases::Error;
use bujianmian::usecases::catalogue::import;
use rstest::rstest;
use serde_json::{Value, json};

use crate::harness::service::Kind::{self, Postgres, Sqlite};
use crate::harness::user::TestUser;
use crate::harness::world::{PASSWORD, World};

fn imported(kind: Kind) -> World {
    let world = World::start(kind);
    let now = Ts::parse("2023-01-12T10:00:00+08:00").unwrap();
    world.harness.app.clock.set(now);
    let first = import(
        &world.harness.app.db,
        CATALOGUE_SAMPLE,
        "样例目录".to_owned(),
    );
    assert_eq!(first.unwrap(), (1, 23));
    world
}

fn found(world: &World, query: &str) -> Vec<Value> {
    let reply = world
        .user("resident1")
        .get(&format!("/api/v1/drugs{query}"));
    let items = reply.expect(200).json()["items"].clone();
    items.as_array().unwrap().clone()
}

fn codes(world: &World, query: &str) -> Vec<String> {
    let items = found(world, query);
    let code = |item: &Value| item["code"].as_str().unwrap().to_owned();
    items.iter().map(code).collect()
}

#[rstest]
fn whoever_is_signed_in_searches_by_name_initials_and_code(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = imported(kind);
    for query in ["?q=退热", "?q=trp", "?q=YP0001", "?q=yp0001", "?q=Fever"] {
        assert_eq!(codes(&world, query), ["YP0001"], "{query}");
    }
    let item = &found(&world, "?q=yp0003")[0];
    assert_eq!(
        item,
        &json!({
            "code": "YP0003", "name_zh": "止咳糖浆（样例）", "name_en": "Cough syrup (sample)", "sort": "drug",
            "unit": "瓶", "class": "B", "own_share_bp": 1000, "list": "ordinary", "from": "2019-01-01", "to": null,
        })
    );
    // Wildcards stand for themselves.
    assert!(codes(&world, "?q=%25").is_empty() && codes(&world, "?q=_").is_empty());
    // By the day: what left its list is not there any more.
    assert_eq!(codes(&world, "?q=YP0006&on=2022-03-14"), ["YP0006"]);
    assert!(codes(&world, "?q=YP0006").is_empty());

    let first = world
        .user("resident1")
        .get("/api/v1/drugs?limit=10")
        .expect(200)
        .json();
    let next = first["next"].as_str().unwrap();
    assert_eq!(first["items"].as_array().unwrap().len(), 10);
    let rest = codes(&world, &format!("?limit=500&cursor={next}"));
    let all = codes(&world, "?limit=500");
    assert_eq!(all[10..], rest);

    world
        .user("resident1")
        .get("/api/v1/drugs?on=2023-02-30")
        .expect(422);
    TestUser::stranger(&world.harness)
        .get("/api/v1/drugs?q=a")
        .expect(401);
}

#[rstest]
fn an_administrator_sees_what_was_imported(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = imported(kind);
    let admin = TestUser::sign_in(&world.harness, "admin1", PASSWORD);
    let page = admin.get("/admin/catalogue").expect(200).text;
    for words in [
        "样例目录",
        "退热片（样例）",
        "先行自付 10 %",
        "第三批省级增补药品",
    ] {
        assert!(page.contains(words), "{words} in {page}");
    }
    let one = admin.get("/admin/catalogue?q=xfct").expect(200).text;
    assert!(one.contains("没有符合条件的项目"), "{one}");
    let one = admin.get("/admin/catalogue?q=xbct").expect(200).text;
    assert!(one.contains("FW0003") && !one.contains("FW0001"), "{one}");
    let handler = TestUser::sign_in(&world.harness, "handler1", PASSWORD);
    handler.get("/admin/catalogue").expect(403);
}

#[rstest]
fn something_is_classified_by_code_or_name_on_a_day(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = imported(kind);
    let on = |asked: &'static str, day: &str| {
        let day: Day = day.parse().unwrap();
        world.harness.read(|conn| classify(conn, asked, day))
    };
    let told = |asked, day| {
        let one = on(asked, day)?;
        Some((
            one.class,
            one.own_share.map(|share| share.0),
            one.sort,
            one.protocol,
            one.list,
        ))
    };
    for asked in ["YP0004", "yp0004", " 抗病毒颗粒（样例） "] {
        let before = told(asked, "2020-01-26");
        assert_eq!(
            before,
            Some((Class::B, Some(2_000), Sort::Drug, false, None))
        );
        let after = told(asked, "2020-01-27");
        assert_eq!(after, Some((Class::B, Some(2_000), Sort::Drug, true, None)));
    }
    // SET-3: what leaves the protocol stops at once.
    let outside = Some((Class::Outside, None, Sort::Drug, true, None));
    assert_eq!(told("YP0006", "2022-03-14"), outside);
    assert_eq!(told("YP0006", "2022-03-15"), None);
    let third = Some((
        Class::Outside,
        Some(2_000),
        Sort::Drug,
        false,
        Some(Listed::ThirdSupplementary),
    ));
    assert_eq!(told("YP0008", "2022-10-01"), third);
    // The class of the day.
    assert_eq!(told("YP0010", "2022-12-31").unwrap().0, Class::B);
    assert_eq!(told("YP0010", "2023-01-01").unwrap().0, Class::A);
    assert_eq!(told("没有", "2023-01-01"), None);
}

#[rstest]
fn another_import_takes_the_place_of_the_first_and_a_faulty_one_changes_nothing(
    #[values(Sqlite, Postgres)] kind: Kind,
) {
    let world = imported(kind);
    let headings = "code,name_zh,name_en,sort,unit,class,own_share_bp,from,to,list\n";
    let faulty = format!("{headings}YP1,片（样例）,,drug,,B,,2019-01-01,,ordinary\n");
    let refused = import(&world.harness.app.db, &faulty, "坏".to_owned());
    assert!(
        matches!(&refused, Err(Error::Fault(told)) if told.starts_with("line 2, own_share_bp")),
        "{refused:?}"
    );
    assert_eq!(codes(&world, "?q=YP0001"), ["YP0001"]);

    let other = format!("{headings}YP1,片（样例）,,drug,,A,,2019-01-01,,ordinary\n");
    let second = import(&world.harness.app.db, &other, "另一版".to_owned());
    assert_eq!(second.unwrap(), (2, 1));
    assert_eq!(codes(&world, ""), ["YP1"]);
}
