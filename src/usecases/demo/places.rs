//! The demo's places: pools, agencies, institutions, employers. All names say that they are samples; codes of
//! regions are real ones, phones and addresses are not.

use crate::domain::locale::Locale;
use crate::domain::place::{AgencyCode, Pool};
use crate::domain::region::{RegionCode, Regions};
use crate::domain::uscc::Uscc;
use crate::store::registry::Agency;
use crate::usecases::Error;

/// A pool of the demo.
#[derive(Clone, Copy, Debug)]
pub(super) struct Site {
    /// Its code.
    pub pool: &'static str,
    /// Its county agencies.
    pub counties: [&'static str; 2],
    /// Area code of its phones.
    pub area: &'static str,
}

/// The pools, in the order in which they are offered.
pub(super) const SITES: [Site; 5] = [
    Site {
        pool: "371000",
        counties: ["371002", "371082"],
        area: "0631",
    },
    Site {
        pool: "621000",
        counties: ["621002", "621021"],
        area: "0934",
    },
    Site {
        pool: "320600",
        counties: ["320612", "320681"],
        area: "0513",
    },
    Site {
        pool: "611000",
        counties: ["611002", "611021"],
        area: "0914",
    },
    Site {
        pool: "370600",
        counties: ["370602", "370681"],
        area: "0535",
    },
];

/// Provincial centres with the area codes of their phones.
const CENTRES: [(&str, &str); 4] = [
    ("370000", "0531-5550100"),
    ("620000", "0931-5550100"),
    ("320000", "025-55550100"),
    ("610000", "029-55550100"),
];

/// Hospitals of a pool: name, level (0 not graded). The first is the designated one of the named accounts.
pub(super) const HOSPITALS: [(&str, i32); 4] = [
    ("示范人民医院", 3),
    ("示范中医医院", 2),
    ("示范街道卫生院", 1),
    ("示范门诊部", 0),
];

/// Pharmacies of a pool.
pub(super) const PHARMACIES: [&str; 2] = ["示范第一大药房", "示范第二大药房"];

/// Employers of a pool: the two with an account, and one where the residents work.
pub(super) const EMPLOYERS: [&str; 3] = [
    "示范机械制造有限公司",
    "示范食品有限公司",
    "示范商贸有限公司",
];

/// A code of the tables above.
pub(super) fn code<T: std::str::FromStr>(text: &str) -> Result<T, Error> {
    text.parse()
        .map_err(|_| Error::Fault(format!("the demo's code {text}")))
}

/// The own name of a region in Chinese.
pub(super) fn region_name(regions: &Regions, region: RegionCode) -> Result<&str, Error> {
    regions
        .name(region, Locale::Zh)
        .ok_or_else(|| Error::Fault(format!("the demo's region {region}")))
}

/// All agencies: the provincial centres, and of each pool the city's and the counties'.
pub(super) fn agencies(regions: &Regions) -> Result<Vec<Agency>, Error> {
    let mut all = vec![];
    for (centre, phone) in CENTRES {
        all.push(agency(regions, centre, "centre", phone.to_owned())?);
    }
    for site in SITES {
        let phone = |last: usize| format!("{}-555010{last}", site.area);
        all.push(agency(regions, site.pool, "city", phone(0))?);
        for (county, last) in site.counties.into_iter().zip(1..) {
            all.push(agency(regions, county, "county", phone(last))?);
        }
    }
    Ok(all)
}

fn agency(regions: &Regions, at: &str, kind: &str, phone: String) -> Result<Agency, Error> {
    let agency: AgencyCode = code(at)?;
    let region: RegionCode = code(at)?;
    let zh = region_name(regions, region)?;
    let en = regions.name(region, Locale::En).unwrap_or(zh);
    let (office_zh, office_en) = match kind {
        "county" => ("医疗保险服务中心", "Medical Insurance Service Centre"),
        _ => ("医疗保险事业中心", "Medical Insurance Centre"),
    };
    Ok(Agency {
        code: agency,
        pool: agency.pool(),
        kind: kind.to_owned(),
        name_zh: format!("{zh}{office_zh}（示范）"),
        name_en: format!("{en} {office_en} (demo)"),
        phone,
        address: format!("{zh}示范路1号（示范地址）"),
        opens: "08:30".to_owned(),
        lunch_from: "12:00".to_owned(),
        lunch_to: "13:30".to_owned(),
        closes: "17:30".to_owned(),
    })
}

/// The Unified Social Credit Code of a pool's `number`-th employer.
pub(super) fn uscc(pool: Pool, number: usize) -> Result<Uscc, Error> {
    Uscc::complete(&format!("91{pool}MADEM{number:04}"))
        .map_err(|e| Error::Fault(format!("the demo's employer {number}: {e}")))
}
