#pragma once
#include <string_view>

#include "enxerto/files/json.h"
#include "enxerto/graph/graph.h"

namespace enxerto {

/// `{"int": 3}`, `{"float": 0.5}`, `{"string": "SAME_UPPER"}`, `{"ints": [..]}`, `{"floats": [..]}` or `{"tensor":
/// {"dtype", "shape", "data"}}` with base64 data. Floats that JSON does not know are "inf", "-inf" and "nan".
Json attribute_to_json(const Attribute& attribute);

/// The opposite. Throws Error{weights} naming `where` for an unknown type or a value that does not fit it.
Attribute attribute_from_json(const Json& json, std::string_view where);

}  // namespace enxerto
