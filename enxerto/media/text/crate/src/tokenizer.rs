//! A tokenizer as its tokenizer.json says, without that file's own padding and truncation.
use crate::encoding::Encoding;
use serde::Deserialize;
use std::str::FromStr;
use tokenizers::models::TrainerWrapper;
use tokenizers::models::bpe::BpeTrainer;
use tokenizers::processors::PostProcessorWrapper;
use tokenizers::utils::truncation::truncate_encodings;
use tokenizers::{AddedToken, PostProcessor, TruncationDirection, TruncationParams, TruncationStrategy};

/// How a call cuts what is too long.
#[repr(C)]
pub struct Truncation {
    /// Tokens, those of the template counted; 0: not cut.
    max_length: usize,
    /// Tokens that a window shares with the one before it.
    stride: usize,
    /// 0 longest_first, 1 only_first, 2 only_second.
    strategy: i32,
    /// The beginning is cut off, not the end.
    left: i32,
    add_special: i32,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct Facts {
    /// Different pieces, added ones counted.
    pieces: usize,
    /// One more than the largest id.
    ids: usize,
    /// Tokens that the template adds to one text and to two.
    added_single: usize,
    added_pair: usize,
    /// -1 where the model has none.
    unknown: i64,
}

#[derive(Deserialize)]
struct ModelNames {
    unk_token: Option<String>,
    unk_id: Option<i64>,
}

#[derive(Deserialize)]
struct FileNames {
    model: ModelNames,
}

pub struct Tokenizer {
    /// Without post-processor, which comes after the truncation.
    before: tokenizers::Tokenizer,
    after: Option<PostProcessorWrapper>,
    facts: Facts,
}

fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}

impl Tokenizer {
    pub fn open(json: &str) -> Result<Tokenizer, String> {
        let mut before = tokenizers::Tokenizer::from_str(json).map_err(text)?;
        before.with_padding(None);
        before.with_truncation(None).map_err(text)?;
        let after = before.get_post_processor().cloned();
        before.with_post_processor(None::<PostProcessorWrapper>);
        let names = serde_json::from_str::<FileNames>(json).map_err(text)?.model;
        let named = names.unk_token.and_then(|piece| before.token_to_id(&piece)).map(i64::from);
        let vocabulary = before.get_vocab(true);
        let facts = Facts {
            pieces: vocabulary.len(),
            ids: vocabulary.values().max().map_or(0, |largest| *largest as usize + 1),
            added_single: after.as_ref().map_or(0, |after| after.added_tokens(false)),
            added_pair: after.as_ref().map_or(0, |after| after.added_tokens(true)),
            unknown: names.unk_id.or(named).unwrap_or(-1),
        };
        Ok(Tokenizer { before, after, facts })
    }

    pub fn facts(&self) -> Facts {
        self.facts
    }

    fn truncation(&self, asked: &Truncation, pair: bool) -> Result<Option<TruncationParams>, String> {
        if asked.max_length == 0 {
            return Ok(None);
        }
        let added = if pair { self.facts.added_pair } else { self.facts.added_single };
        let special = if asked.add_special != 0 { added } else { 0 };
        if asked.max_length <= special {
            return Err(format!("{} tokens, of which the template takes {}", asked.max_length, special));
        }
        let params = TruncationParams {
            direction: if asked.left != 0 { TruncationDirection::Left } else { TruncationDirection::Right },
            max_length: asked.max_length - special,
            strategy: match asked.strategy {
                1 => TruncationStrategy::OnlyFirst,
                2 => TruncationStrategy::OnlySecond,
                _ => TruncationStrategy::LongestFirst,
            },
            stride: asked.stride,
        };
        Ok(Some(params))
    }

    /// `Tokenizer::encode_char_offsets` and `TokenizerImpl::post_process` with the truncation of this call.
    pub fn encode(&self, first: &str, second: Option<&str>, asked: &Truncation) -> Result<Encoding, String> {
        let mut one = self.before.encode_char_offsets(first, false).map_err(text)?;
        let mut two = second.map(|second| self.before.encode_char_offsets(second, false)).transpose().map_err(text)?;
        if let Some(two) = two.as_mut() {
            two.set_type_ids(vec![1; two.len()]);
        }
        if let Some(params) = self.truncation(asked, two.is_some())? {
            (one, two) = truncate_encodings(one, two, &params).map_err(text)?;
        }
        let add_special = asked.add_special != 0;
        let done = match &self.after {
            Some(after) => after.process(one, two, add_special).map_err(text)?,
            None => {
                let parts = std::iter::once(one).chain(two).collect();
                let mut joined = <dyn PostProcessor>::default_process(parts, add_special).map_err(text)?;
                joined.pop().ok_or("nothing is left of the text")?
            }
        };
        Ok(Encoding::new(&done))
    }

    pub fn decode(&self, ids: &[u32], skip_special: bool) -> Result<String, String> {
        self.before.decode(ids, skip_special).map_err(text)
    }

    pub fn id_of(&self, piece: &str) -> Option<u32> {
        self.before.token_to_id(piece)
    }

    pub fn piece_of(&self, id: u32) -> Option<String> {
        self.before.id_to_token(id)
    }
}

/// The tokenizer.json of `json` with at most so many pieces that the lines of `texts` have, by byte-pair encoding; the
/// pieces that it has already keep their numbers, and none of them is looked for in texts.
pub fn learn(json: &str, texts: &str, pieces: usize) -> Result<String, String> {
    let mut tokenizer = tokenizers::Tokenizer::from_str(json).map_err(text)?;
    let mut kept: Vec<(String, u32)> = tokenizer.get_vocab(false).into_iter().collect();
    kept.sort_by_key(|(_, id)| *id);
    let special = kept.into_iter().map(|(piece, _)| AddedToken::from(piece, true)).collect();
    let trainer = BpeTrainer::builder().vocab_size(pieces).min_frequency(2).limit_alphabet(1000);
    let mut trainer: TrainerWrapper = trainer.show_progress(false).special_tokens(special).build().into();
    tokenizer.train(&mut trainer, texts.lines()).map_err(text)?;
    let written = tokenizer.to_string(false).map_err(text)?;
    let mut value: serde_json::Value = serde_json::from_str(&written).map_err(text)?;
    value["added_tokens"] = serde_json::Value::Array(Vec::new());
    Ok(value.to_string())
}
