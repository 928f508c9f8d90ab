//! Pages that everybody may read.

mod mail;
mod notifications;
mod progress;
mod public;

use diesel::connection::SimpleConnection;

use crate::harness::service::{Harness, Kind, Settings};

/// A service with the agencies of two pools.
pub fn with_agencies(kind: Kind, settings: Settings) -> Harness {
    let harness = Harness::with(kind, settings);
    harness.write(|conn| {
        for (code, pool, name, phone) in [
            ("371000", "371000", "威海市医疗保障事业中心", "0631-0000001"),
            ("371002", "371000", "环翠区医疗保障事业中心", "0631-0000002"),
            ("320600", "320600", "南通市医疗保险基金管理中心", "0513-0000003"),
        ] {
            conn.sql.batch_execute(&format!(
                "INSERT INTO agency VALUES ('{code}', '{pool}', 'city', '{name}', 'Agency {code}', '{phone}', '示范路 1 号', '08:30', '12:00', '13:30', '17:30')"
            ))?;
        }
        Ok(())
    });
    let app = harness.app.clone();
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(async move { app.office.refresh(&app.db).await.unwrap() });
    harness
}

/// What a reader sees: tags, scripts and runs of white space taken out.
pub fn words(html: &str) -> String {
    let (_, main) = html.split_once("<main").unwrap();
    let (main, _) = main.split_once("</main>").unwrap();
    let text: String = main
        .split('<')
        .skip(1)
        .filter_map(|part| part.split_once('>'))
        .map(|(tag, text)| {
            let inline = [
                "a ", "/a", "span", "/span", "strong", "/strong", "time", "/time",
            ];
            let joined = inline.iter().any(|name| tag.starts_with(name));
            format!("{}{text}", if joined { "" } else { "\n" })
        })
        .collect();
    text.lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
        .filter(|line| !line.is_empty())
        .collect::<Vec<_>>()
        .join("\n")
}
