//! Chat templates of language models: Jinja, filled in as transformers does it.
use crate::bounded::{self, Limits};
use minijinja::value::{Kwargs, Value};
use minijinja::{Environment, Error, ErrorKind};
use serde::Serialize;
use serde_json::ser::Formatter;
use std::io::{self, Write};
use std::time::{SystemTime, UNIX_EPOCH};

/// Steps of a template; one of a few hundred messages takes some thousands.
const FUEL: u64 = 10_000_000;

/// As Python's `json.dumps` writes it: ", " and ": ".
struct Spaced;

impl Formatter for Spaced {
    fn begin_array_value<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        if first { Ok(()) } else { writer.write_all(b", ") }
    }
    fn begin_object_key<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        if first { Ok(()) } else { writer.write_all(b", ") }
    }
    fn begin_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b": ")
    }
}

fn json_with(value: &Value, formatter: impl Formatter) -> Result<String, Error> {
    let mut bytes = Vec::new();
    let mut serializer = serde_json::Serializer::with_formatter(&mut bytes, formatter);
    value.serialize(&mut serializer).map_err(|error| Error::new(ErrorKind::BadSerialization, error.to_string()))?;
    String::from_utf8(bytes).map_err(|error| Error::new(ErrorKind::BadSerialization, error.to_string()))
}

fn tojson(value: Value, options: Kwargs) -> Result<String, Error> {
    let indent: Option<usize> = options.get("indent")?;
    for ignored in ["ensure_ascii", "separators", "sort_keys"] {
        let _: Option<Value> = options.get(ignored)?;
    }
    options.assert_all_used()?;
    match indent {
        Some(width) => json_with(&value, serde_json::ser::PrettyFormatter::with_indent(" ".repeat(width.min(16)).as_bytes())),
        None => json_with(&value, Spaced),
    }
}

fn raise_exception(message: String) -> Result<String, Error> {
    Err(Error::new(ErrorKind::InvalidOperation, message))
}

const MONTHS: [&str; 12] = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
];

/// Year, month and day of a number of days since 1970 (Hinnant, days_from_civil).
fn civil(days: i64) -> (i64, usize, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month as usize, day_of_year - (153 * shifted_month + 2) / 5 + 1)
}

/// The day, in UTC: %Y %m %d %B %b.
fn strftime_now(format: String) -> Result<String, Error> {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let (year, month, day) = civil((seconds / 86_400) as i64);
    let mut text = String::new();
    let mut letters = format.chars();
    while let Some(letter) = letters.next() {
        if letter != '%' {
            text.push(letter);
            continue;
        }
        match letters.next() {
            Some('Y') => text.push_str(&year.to_string()),
            Some('m') => text.push_str(&format!("{month:02}")),
            Some('d') => text.push_str(&format!("{day:02}")),
            Some('B') => text.push_str(MONTHS[month - 1]),
            Some('%') => text.push('%'),
            Some('b') => text.push_str(&MONTHS[month - 1][..3]),
            other => {
                let shown = other.map_or(String::new(), |letter| letter.to_string());
                return Err(Error::new(ErrorKind::InvalidOperation, format!("strftime_now: %{shown}")));
            }
        }
    }
    Ok(text)
}

/// Public templates have at most some 20 kB. Chains of operators as long as this are compiled recursively.
const LONGEST: usize = 1 << 16;
const STACK: usize = 512 << 20; // reserved, not used

/// Texts that a template makes on its way may double with each step.
const LIMITS: Limits = Limits { megabytes: 256, seconds: 10, waiting: 60, longest: 2 << 20 };

/// `values` is an object of JSON. Nothing is read or called but these.
pub fn fill(template: &str, values: &str) -> Result<String, String> {
    if template.len() > LONGEST {
        return Err(format!("a template of {} bytes, at most {LONGEST} are read", template.len()));
    }
    let limits = Limits { longest: LIMITS.longest + values.len() as u64, ..LIMITS };
    std::thread::scope(|scope| {
        let filling = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, || {
            bounded::run(&limits, || fill_here(template, values))
        });
        match filling {
            Ok(thread) => thread.join().unwrap_or_else(|_| Err("the template cannot be filled in".to_string())),
            Err(error) => Err(error.to_string()),
        }
    })
}

fn fill_here(template: &str, values: &str) -> Result<String, String> {
    let values: Value = serde_json::from_str::<serde_json::Value>(values)
        .map(Value::from_serialize)
        .map_err(|error| error.to_string())?;
    let mut environment = Environment::new();
    environment.set_trim_blocks(true);
    environment.set_lstrip_blocks(true);
    environment.set_fuel(Some(FUEL));
    environment.set_unknown_method_callback(minijinja_contrib::pycompat::unknown_method_callback);
    environment.add_function("raise_exception", raise_exception);
    environment.add_function("strftime_now", strftime_now);
    environment.add_filter("tojson", tojson);
    let filled = environment.template_from_str(template).and_then(|compiled| compiled.render(values));
    filled.map_err(|error| match error.kind() {
        ErrorKind::OutOfFuel => format!("it takes more than {} million steps", FUEL / 1_000_000),
        _ => format!("{error:#}").replace("(in <string>:", "(line "),
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn days_are_dates() {
        assert_eq!(super::civil(0), (1970, 1, 1));
        assert_eq!(super::civil(11_016), (2000, 2, 29));
        assert_eq!(super::civil(20_786), (2026, 11, 29));
    }
}
