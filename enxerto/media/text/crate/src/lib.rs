//! The crates `tokenizers` and `minijinja` behind the C interface of ../crate_interface.h: no type of Rust crosses it, no panic leaves
//! it, and nothing is printed. The encoding itself is that of `Tokenizer::encode_char_offsets`; only truncation is
//! given with each call instead of being part of the tokenizer.
mod bounded;
mod chat;
mod encoding;
mod tokenizer;

use encoding::{Encoding, Window};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Once;
use tokenizer::{Facts, Tokenizer, Truncation};

/// Bytes that the caller gives back with `enxerto_text_free`, or, as an argument, that it keeps.
#[repr(C)]
pub struct Text {
    data: *mut u8,
    size: usize,
}

impl Text {
    fn own(text: String) -> Text {
        let bytes = Box::leak(text.into_bytes().into_boxed_slice());
        Text { data: bytes.as_mut_ptr(), size: bytes.len() }
    }

    unsafe fn view<'a>(&self) -> Result<&'a str, String> {
        if self.data.is_null() {
            return Ok("");
        }
        let bytes = unsafe { std::slice::from_raw_parts(self.data, self.size) };
        std::str::from_utf8(bytes).map_err(|error| format!("no UTF-8 at byte {}", error.valid_up_to()))
    }
}

static QUIET: Once = Once::new();

fn reason(panic: Box<dyn std::any::Any + Send>) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| text.to_string());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "a panic".to_string())
}

/// 0 where `work` succeeds, else 1 with its reason in `error`.
fn guarded(error: *mut Text, work: impl FnOnce() -> Result<(), String>) -> i32 {
    QUIET.call_once(|| std::panic::set_hook(Box::new(|_| {})));
    let outcome = catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| Err(reason(panic)));
    match outcome {
        Ok(()) => 0,
        Err(text) => {
            unsafe { error.write(Text::own(text)) };
            1
        }
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn enxerto_text_free(text: Text) {
    if !text.data.is_null() {
        drop(unsafe { Box::from_raw(std::ptr::slice_from_raw_parts_mut(text.data, text.size)) });
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn enxerto_tokenizer_open(json: Text, out: *mut *mut Tokenizer, error: *mut Text) -> i32 {
    guarded(error, || {
        let tokenizer = Tokenizer::open(unsafe { json.view() }?)?;
        unsafe { out.write(Box::into_raw(Box::new(tokenizer))) };
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn enxerto_tokenizer_close(tokenizer: *mut Tokenizer) {
    drop(unsafe { Box::from_raw(tokenizer) });
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn enxerto_tokenizer_facts(tokenizer: *const Tokenizer) -> Facts {
    unsafe { &*tokenizer }.facts()
}

/// `texts` are `fields`, one or two.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn enxerto_tokenizer_encode(
    tokenizer: *const Tokenizer,
    texts: *const Text,
    fields: usize,
    truncation: Truncation,
    out: *mut *mut Encoding,
    error: *mut Text,
) -> i32 {
    guarded(error, || {
        let texts = unsafe { std::slice::from_raw_parts(texts, fields) };
        let second = if fields > 1 { Some(unsafe { texts[1].view() }?) } else { None };
        let encoding = unsafe { &*tokenizer }.encode(unsafe { texts[0].view() }?, second, &truncation)?;
        unsafe { out.write(Box::into_raw(Box::new(encoding))) };
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn enxerto_encoding_windows(encoding: *const Encoding) -> usize {
    unsafe { &*encoding }.windows.len()
}

/// Its pointers live as long as the encoding.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn enxerto_encoding_window(encoding: *const Encoding, window: usize) -> Window {
    unsafe { &*encoding }.windows[window].view()
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn enxerto_encoding_free(encoding: *mut Encoding) {
    drop(unsafe { Box::from_raw(encoding) });
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn enxerto_tokenizer_decode(
    tokenizer: *const Tokenizer,
    ids: *const u32,
    count: usize,
    skip_special: i32,
    out: *mut Text,
    error: *mut Text,
) -> i32 {
    guarded(error, || {
        let ids = if count == 0 { &[] } else { unsafe { std::slice::from_raw_parts(ids, count) } };
        let text = unsafe { &*tokenizer }.decode(ids, skip_special != 0)?;
        unsafe { out.write(Text::own(text)) };
        Ok(())
    })
}

/// `tokenizer::learn`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn enxerto_tokenizer_learn(
    json: Text,
    texts: Text,
    pieces: usize,
    out: *mut Text,
    error: *mut Text,
) -> i32 {
    guarded(error, || {
        let learned = tokenizer::learn(unsafe { json.view() }?, unsafe { texts.view() }?, pieces)?;
        unsafe { out.write(Text::own(learned)) };
        Ok(())
    })
}

/// A chat template, filled in with an object of JSON.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn enxerto_chat_template_fill(
    template: Text,
    values: Text,
    out: *mut Text,
    error: *mut Text,
) -> i32 {
    guarded(error, || {
        let text = chat::fill(unsafe { template.view() }?, unsafe { values.view() }?)?;
        unsafe { out.write(Text::own(text)) };
        Ok(())
    })
}

/// The id of a piece; -1 where the vocabulary has none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn enxerto_tokenizer_id(tokenizer: *const Tokenizer, piece: Text) -> i64 {
    unsafe { piece.view() }.ok().and_then(|piece| unsafe { &*tokenizer }.id_of(piece)).map_or(-1, i64::from)
}

/// The piece of an id; 1 where there is none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn enxerto_tokenizer_piece(tokenizer: *const Tokenizer, id: u32, out: *mut Text) -> i32 {
    match unsafe { &*tokenizer }.piece_of(id) {
        Some(piece) => {
            unsafe { out.write(Text::own(piece)) };
            0
        }
        None => 1,
    }
}
