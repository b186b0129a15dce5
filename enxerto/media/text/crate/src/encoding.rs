//! What the crate's `Encoding` holds, laid out as arrays of plain numbers.

/// One window of an encoded example: arrays of `count`, and the pieces one after another in UTF-8.
#[repr(C)]
pub struct Window {
    count: usize,
    ids: *const u32,
    type_ids: *const u32,
    attention: *const u32,
    special: *const u32,
    /// -1 for tokens of the template.
    sequences: *const i32,
    /// Begin and end of each, in code points of its sequence.
    offsets: *const u32,
    pieces: *const u8,
    /// Where each piece ends in `pieces`.
    piece_ends: *const usize,
}

pub struct WindowData {
    ids: Vec<u32>,
    type_ids: Vec<u32>,
    attention: Vec<u32>,
    special: Vec<u32>,
    sequences: Vec<i32>,
    offsets: Vec<u32>,
    pieces: String,
    piece_ends: Vec<usize>,
}

impl WindowData {
    fn new(from: &tokenizers::Encoding) -> WindowData {
        let mut pieces = String::new();
        let mut piece_ends = Vec::with_capacity(from.len());
        for piece in from.get_tokens() {
            pieces.push_str(piece);
            piece_ends.push(pieces.len());
        }
        let sequences = from.get_sequence_ids();
        WindowData {
            ids: from.get_ids().to_vec(),
            type_ids: from.get_type_ids().to_vec(),
            attention: from.get_attention_mask().to_vec(),
            special: from.get_special_tokens_mask().to_vec(),
            sequences: sequences.iter().map(|of| of.map_or(-1, |number| number as i32)).collect(),
            offsets: from.get_offsets().iter().flat_map(|(begin, end)| [*begin as u32, *end as u32]).collect(),
            pieces,
            piece_ends,
        }
    }

    pub fn view(&self) -> Window {
        Window {
            count: self.ids.len(),
            ids: self.ids.as_ptr(),
            type_ids: self.type_ids.as_ptr(),
            attention: self.attention.as_ptr(),
            special: self.special.as_ptr(),
            sequences: self.sequences.as_ptr(),
            offsets: self.offsets.as_ptr(),
            pieces: self.pieces.as_ptr(),
            piece_ends: self.piece_ends.as_ptr(),
        }
    }
}

/// The example's own window, then those that overflow, in the crate's order.
pub struct Encoding {
    pub windows: Vec<WindowData>,
}

impl Encoding {
    pub fn new(from: &tokenizers::Encoding) -> Encoding {
        let mut windows = vec![WindowData::new(from)];
        windows.extend(from.get_overflowing().iter().map(WindowData::new));
        Encoding { windows }
    }
}
