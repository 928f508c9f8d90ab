//! What the machine says: cores, model, and time and memory of processes. Reads `/proc`, changes nothing.

use std::fs;
use std::process::Command;

/// Processor time in seconds.
pub type Seconds = f64;

/// Time that a process and its threads have had so far, without its children.
pub fn cpu(pid: u32) -> Seconds {
    times(pid).map_or(0.0, |(own, _)| own)
}

/// Time that a process and all it started have had so far: the living, and those it has waited for.
pub fn cpu_of_family(pid: u32) -> Seconds {
    let (own, gone) = times(pid).unwrap_or_default();
    let living: Seconds = children(pid).into_iter().map(cpu).sum();
    own + gone + living
}

/// Resident memory now and at its highest since [`forget_peak`], in MB (1,048,576 bytes).
pub fn memory(pid: u32) -> (f64, f64) {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let megabytes = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        let kilobytes = line.and_then(|rest| rest.trim().strip_suffix(" kB")?.trim().parse().ok());
        kilobytes.unwrap_or(0.0) / 1024.0
    };
    (megabytes("VmRSS:"), megabytes("VmHWM:"))
}

/// Lets the highest memory count from now on.
pub fn forget_peak(pid: u32) {
    // Where that is not allowed the peak is that of the whole life, which is never too small.
    drop(fs::write(format!("/proc/{pid}/clear_refs"), "5"));
}

/// Cores and model, as the head of the report names them.
pub fn description() -> String {
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info
        .lines()
        .find(|line| line.starts_with("model name"))
        .and_then(|line| line.split_once(": "))
        .map_or("unknown processor", |(_, model)| model);
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let memory = fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let kilobytes: u64 = memory
        .split_whitespace()
        .nth(1)
        .and_then(|number| number.parse().ok())
        .unwrap_or_default();
    format!(
        "{cores} cores of {model}, {} GB, Linux {}",
        kilobytes.div_ceil(1024 * 1024),
        first_line("uname", &["-r"])
    )
}

/// The first line that a program prints; empty when it can't be run.
pub fn first_line(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output();
    let text = output.map(|o| String::from_utf8_lossy(&o.stdout).into_owned());
    text.unwrap_or_default()
        .lines()
        .next()
        .unwrap_or_default()
        .to_owned()
}

/// Own time, and that of children which ended.
fn times(pid: u32) -> Option<(Seconds, Seconds)> {
    let fields = stat(pid)?;
    let ticks = |at: usize| {
        fields
            .get(at)
            .and_then(|f| f.parse::<f64>().ok())
            .unwrap_or(0.0)
    };
    // Counted from the field after the name: utime, stime, cutime, cstime are 14 to 17 of proc(5).
    let (own, gone) = (ticks(11) + ticks(12), ticks(13) + ticks(14));
    Some((own / per_second(), gone / per_second()))
}

fn children(pid: u32) -> Vec<u32> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    entries
        .filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok())
        .filter(|child| {
            let parent = stat(*child).and_then(|fields| fields.get(1)?.parse::<u32>().ok());
            parent == Some(pid)
        })
        .collect()
}

/// The fields of `/proc/PID/stat` after the name, which may hold blanks.
fn stat(pid: u32) -> Option<Vec<String>> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (_, rest) = text.rsplit_once(") ")?;
    Some(rest.split_whitespace().map(str::to_owned).collect())
}

fn per_second() -> f64 {
    static TICKS: std::sync::OnceLock<f64> = std::sync::OnceLock::new();
    *TICKS.get_or_init(|| first_line("getconf", &["CLK_TCK"]).parse().unwrap_or(100.0))
}
