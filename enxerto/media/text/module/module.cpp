#include "enxerto/media/text/crate_interface.h"

extern "C" {

void enxerto_text_free(EnxertoText text);
int enxerto_tokenizer_open(EnxertoText json, EnxertoTokenizer** out, EnxertoText* error);
void enxerto_tokenizer_close(EnxertoTokenizer* tokenizer);
EnxertoTokenizerFacts enxerto_tokenizer_facts(const EnxertoTokenizer* tokenizer);
int enxerto_tokenizer_encode(const EnxertoTokenizer* tokenizer, const EnxertoText* texts, std::size_t fields,
                             EnxertoTruncation truncation, EnxertoEncoding** out, EnxertoText* error);
std::size_t enxerto_encoding_windows(const EnxertoEncoding* encoding);
EnxertoWindow enxerto_encoding_window(const EnxertoEncoding* encoding, std::size_t window);
void enxerto_encoding_free(EnxertoEncoding* encoding);
int enxerto_tokenizer_decode(const EnxertoTokenizer* tokenizer, const std::uint32_t* ids, std::size_t count,
                             std::int32_t skip_special, EnxertoText* out, EnxertoText* error);
std::int64_t enxerto_tokenizer_id(const EnxertoTokenizer* tokenizer, EnxertoText piece);
int enxerto_tokenizer_piece(const EnxertoTokenizer* tokenizer, std::uint32_t id, EnxertoText* out);
int enxerto_chat_template_fill(EnxertoText jinja, EnxertoText values, EnxertoText* out, EnxertoText* error);
int enxerto_tokenizer_learn(EnxertoText json, EnxertoText texts, std::size_t pieces, EnxertoText* out,
                            EnxertoText* error);

__attribute__((visibility("default"))) const EnxertoTextFunctions* enxerto_text_module(int version) {
  static constexpr EnxertoTextFunctions kFunctions{
      .text_free = enxerto_text_free,
      .open = enxerto_tokenizer_open,
      .close = enxerto_tokenizer_close,
      .facts = enxerto_tokenizer_facts,
      .encode = enxerto_tokenizer_encode,
      .windows = enxerto_encoding_windows,
      .window = enxerto_encoding_window,
      .encoding_free = enxerto_encoding_free,
      .decode = enxerto_tokenizer_decode,
      .id = enxerto_tokenizer_id,
      .piece = enxerto_tokenizer_piece,
      .fill = enxerto_chat_template_fill,
      .learn = enxerto_tokenizer_learn,
  };
  return version == enxerto::kTextModuleVersion ? &kFunctions : nullptr;
}
}
