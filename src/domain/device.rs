//! What somebody signs in with, in two words: browser and system, as far as the browser tells. Only these words are
//! kept, so that a list of sessions says something to its owner and no more to anybody else. Nothing here decides
//! anything: what a browser says of itself may be untrue.

use std::str::FromStr;

use strum::{Display, EnumIter, EnumString, IntoStaticStr};

/// A browser, or an app that shows pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, EnumString, IntoStaticStr, Display)]
#[strum(serialize_all = "kebab-case")]
pub enum Browser {
    /// 微信
    Wechat,
    /// 支付宝
    Alipay,
    /// Microsoft Edge
    Edge,
    /// Opera
    Opera,
    /// QQ 浏览器
    Qq,
    /// UC 浏览器
    Uc,
    /// 华为浏览器
    Huawei,
    /// 小米浏览器
    Xiaomi,
    /// Samsung Internet
    Samsung,
    /// Firefox
    Firefox,
    /// Chrome and what calls itself so
    Chrome,
    /// Safari
    Safari,
    /// Another browser.
    Other,
    /// No browser at all.
    Program,
}

/// An operating system.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, EnumString, IntoStaticStr, Display)]
#[strum(serialize_all = "kebab-case")]
pub enum System {
    /// 鸿蒙
    Harmony,
    /// Android
    Android,
    /// iPhone and iPad
    Ios,
    /// Windows
    Windows,
    /// macOS
    Macos,
    /// Linux
    Linux,
    /// Another one.
    Other,
}

/// How each browser is known, the most particular first: most of them claim to be others too.
const BROWSERS: &[(&str, Browser)] = &[
    ("MicroMessenger", Browser::Wechat),
    ("AlipayClient", Browser::Alipay),
    ("Edg", Browser::Edge),
    ("OPR/", Browser::Opera),
    ("QQBrowser", Browser::Qq),
    ("UCBrowser", Browser::Uc),
    ("HuaweiBrowser", Browser::Huawei),
    ("MiuiBrowser", Browser::Xiaomi),
    ("SamsungBrowser", Browser::Samsung),
    ("Firefox/", Browser::Firefox),
    ("FxiOS", Browser::Firefox),
    ("Chrome/", Browser::Chrome),
    ("CriOS", Browser::Chrome),
    ("Safari/", Browser::Safari),
];

/// The same for systems.
const SYSTEMS: &[(&str, System)] = &[
    ("HarmonyOS", System::Harmony),
    ("OpenHarmony", System::Harmony),
    ("Android", System::Android),
    ("iPhone", System::Ios),
    ("iPad", System::Ios),
    ("Windows", System::Windows),
    ("Macintosh", System::Macos),
    ("Linux", System::Linux),
    ("X11", System::Linux),
];

/// Browser and system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Device {
    /// Browser.
    pub browser: Browser,
    /// System.
    pub system: System,
}

impl Device {
    /// What a browser says in its `User-Agent`.
    pub fn of(said: &str) -> Self {
        let system = SYSTEMS.iter().find(|(mark, _)| said.contains(mark));
        let browser = match said.starts_with("Mozilla/") {
            true => BROWSERS
                .iter()
                .find(|(mark, _)| said.contains(mark))
                .map_or(Browser::Other, |(_, browser)| *browser),
            false => Browser::Program,
        };
        Self {
            browser,
            system: system.map_or(System::Other, |(_, system)| *system),
        }
    }
}

impl std::fmt::Display for Device {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.browser, self.system)
    }
}

impl FromStr for Device {
    type Err = strum::ParseError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (browser, system) = text.split_once(' ').unwrap_or((text, ""));
        Ok(Self {
            browser: browser.parse()?,
            system: system.parse()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case(
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
        "chrome windows"
    )]
    #[case(
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0",
        "edge windows"
    )]
    #[case(
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1",
        "safari ios"
    )]
    #[case(
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 MicroMessenger/8.0",
        "wechat ios"
    )]
    #[case(
        "Mozilla/5.0 (Linux; Android 12; HarmonyOS) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/114.0 HuaweiBrowser/15.0 Mobile Safari/537.36",
        "huawei harmony"
    )]
    #[case(
        "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36",
        "chrome android"
    )]
    #[case(
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15",
        "safari macos"
    )]
    #[case(
        "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
        "firefox linux"
    )]
    #[case("Mozilla/5.0 (PlayStation)", "other other")]
    #[case("curl/8.5.0", "program other")]
    #[case("", "program other")]
    fn a_device_is_two_words(#[case] said: &str, #[case] expected: &str) {
        let device = Device::of(said);
        assert_eq!(device.to_string(), expected);
        assert_eq!(expected.parse(), Ok(device), "it is read as it was written");
    }

    #[test]
    fn other_words_are_no_device() {
        assert!("chrome".parse::<Device>().is_err());
        assert!("chrome beos".parse::<Device>().is_err());
    }
}
