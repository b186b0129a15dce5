#include "enxerto/media/text/chat_template.h"

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/utf8.h"
#include "enxerto/media/text/load_text_module.h"

namespace enxerto {

std::string fill_chat_template(const std::string& jinja, const Json& messages,
                               const std::map<std::string, std::string>& special, std::string_view where) {
  Json values{{"messages", messages}, {"add_generation_prompt", true}, {"tools", nullptr}, {"documents", nullptr}};
  for (const auto& [name, token] : special) values[name] = token;
  const std::string json = values.dump(-1, ' ', false, Json::error_handler_t::replace);
  EnxertoText text{}, error{};
  const bool failed = text_module().fill({jinja.data(), jinja.size()}, {json.data(), json.size()}, &text, &error) != 0;
  const EnxertoText& given = failed ? error : text;
  std::string copy(given.data, given.size);
  text_module().text_free(given);
  if (failed)
    throw weights_error(std::string(where), fmt::format("its chat template fails: {}", as_utf8(copy)),
                        "a template that takes these messages", "--chat-template FILE, or leave --chat out");
  return copy;
}

}  // namespace enxerto
