//! Work of which nobody knows how much memory and time it wants, done in a child of this process with limits: what goes
//! beyond them ends the child alone. The child has only the thread that makes it, and runs nothing but the work.
use std::ffi::{c_int, c_long, c_short, c_ulong, c_void};
use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::{AsRawFd, FromRawFd};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

/// What a child may use.
pub struct Limits {
    pub megabytes: u64, // beside what this process has
    pub seconds: u64,   // of a processor
    pub waiting: u64,   // seconds that pass, however little of them the child has worked
    pub longest: u64,   // text that it gives back, bytes
}

#[repr(C)]
struct ResourceLimit {
    soft: c_ulong,
    hard: c_ulong,
}

#[repr(C)]
struct Waited {
    file: c_int,
    asked: c_short,
    found: c_short,
}

unsafe extern "C" {
    fn poll(files: *mut Waited, count: c_ulong, milliseconds: c_int) -> c_int;
    fn kill(process: c_int, signal: c_int) -> c_int;
    fn fork() -> c_int;
    fn pipe2(ends: *mut c_int, flags: c_int) -> c_int;
    fn waitpid(child: c_int, status: *mut c_int, options: c_int) -> c_int;
    fn setrlimit(resource: c_int, limit: *const ResourceLimit) -> c_int;
    fn open(path: *const c_void, flags: c_int, ...) -> c_int;
    fn dup2(from: c_int, to: c_int) -> c_int;
    fn sysconf(name: c_int) -> c_long;
    fn _exit(code: c_int) -> !;
}

const CLOSE_ON_EXEC: c_int = 0o2_000_000;
const WRITE_ONLY: c_int = 1;
const PROCESSOR_SECONDS: c_int = 0; // RLIMIT_CPU
const CORE_FILE: c_int = 4; // RLIMIT_CORE
const ADDRESS_SPACE: c_int = 9; // RLIMIT_AS
const PAGE_SIZE: c_int = 30; // _SC_PAGESIZE
const OUT_OF_TIME: c_int = 24; // SIGXCPU
const KILLED: c_int = 9; // SIGKILL
const READABLE: c_short = 1; // POLLIN

fn limit(resource: c_int, most: u64) {
    let both = ResourceLimit { soft: most as c_ulong, hard: most as c_ulong };
    unsafe { setrlimit(resource, &both) };
}

/// Bytes of addresses that this process has; 0 where that is not known.
fn address_space() -> u64 {
    let pages = std::fs::read_to_string("/proc/self/statm")
        .ok()
        .and_then(|text| text.split(' ').next().and_then(|first| first.parse::<u64>().ok()));
    pages.map_or(0, |count| count * unsafe { sysconf(PAGE_SIZE) } as u64)
}

fn child(mut end: File, limits: &Limits, work: impl FnOnce() -> Result<String, String>) -> ! {
    unsafe { dup2(open(c"/dev/null".as_ptr().cast(), WRITE_ONLY), 2) }; // a failed allocation says so there
    let before = address_space();
    limit(CORE_FILE, 0);
    limit(PROCESSOR_SECONDS, limits.seconds);
    if before > 0 {
        limit(ADDRESS_SPACE, before + (limits.megabytes << 20));
    }
    let outcome = catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err("it cannot be filled in".to_string()));
    let (good, text) = match &outcome {
        Ok(text) => (1u8, text),
        Err(text) => (0u8, text),
    };
    let mut head = vec![good];
    head.extend_from_slice(&(text.len() as u64).to_le_bytes());
    let written = end.write_all(&head).and_then(|()| end.write_all(text.as_bytes()));
    unsafe { _exit(if written.is_ok() { 0 } else { 1 }) }
}

/// Whether the child begins to answer. Why not, otherwise: a signal of this process is not waited out.
fn answers(end: &File, limits: &Limits) -> Result<(), String> {
    let until = Instant::now() + Duration::from_secs(limits.waiting);
    loop {
        let left = until.saturating_duration_since(Instant::now());
        let mut waited = Waited { file: end.as_raw_fd(), asked: READABLE, found: 0 };
        match unsafe { poll(&mut waited, 1, left.as_millis().min(60_000) as c_int) } {
            0 if left.is_zero() => return Err(format!("it is not done after {} s", limits.waiting)),
            0 => {}
            -1 => return Err(format!("it is not waited for: {}", std::io::Error::last_os_error())),
            _ => return Ok(()),
        }
    }
}

fn received(mut end: File, limits: &Limits) -> Option<Result<String, String>> {
    let mut head = [0u8; 9];
    end.read_exact(&mut head).ok()?;
    let size = u64::from_le_bytes(head[1..].try_into().ok()?);
    if size > limits.longest {
        return Some(Err(format!("it gives {size} bytes, at most {} are read", limits.longest)));
    }
    let mut bytes = vec![0u8; size as usize];
    end.read_exact(&mut bytes).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    Some(if head[0] == 1 { Ok(text) } else { Err(text) })
}

/// What `work` gives, or why it does not.
pub fn run(limits: &Limits, work: impl FnOnce() -> Result<String, String>) -> Result<String, String> {
    let mut ends = [0; 2];
    if unsafe { pipe2(ends.as_mut_ptr(), CLOSE_ON_EXEC) } != 0 {
        return Err(format!("no pipe: {}", std::io::Error::last_os_error()));
    }
    let (ours, theirs) = unsafe { (File::from_raw_fd(ends[0]), File::from_raw_fd(ends[1])) };
    match unsafe { fork() } {
        -1 => Err(format!("no process: {}", std::io::Error::last_os_error())),
        0 => {
            drop(ours); // else the child would wait for itself to read what nobody wants
            child(theirs, limits, work)
        }
        process => {
            drop(theirs);
            let waited = answers(&ours, limits);
            if waited.is_err() {
                unsafe { kill(process, KILLED) };
            }
            let outcome = match waited {
                Ok(()) => received(ours, limits),
                Err(reason) => Some(Err(reason)),
            };
            let mut status = 0;
            while unsafe { waitpid(process, &mut status, 0) } == -1
                && std::io::Error::last_os_error().kind() == std::io::ErrorKind::Interrupted
            {}
            outcome.unwrap_or_else(|| {
                Err(match status & 0x7f {
                    OUT_OF_TIME => format!("it takes more than {} s", limits.seconds),
                    _ => format!("it needs more than {} MB of memory", limits.megabytes),
                })
            })
        }
    }
}
