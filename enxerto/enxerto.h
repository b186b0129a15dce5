#pragma once
/// What a program needs of Enxerto; a few nouns, and verbs of one shape: (what, options, progress).
///   TrainReport report = train(recipe);                       from a folder of pictures to a saved model
///   evaluate(path, data);  verify(path);                      how good it is, and whether it is whole
///   extract_features(recipe, {.output = "features.npy"});     what the frozen network sees, for use elsewhere
///   Model m = Model::load(path);  m.predict(...);             the model at work
///   pretrained_models();                                      the networks that a recipe can name
#include "enxerto/base/error.h"
#include "enxerto/base/version.h"
#include "enxerto/data/open.h"
#include "enxerto/model/model.h"
#include "enxerto/model/verify.h"
#include "enxerto/pretrained/spec.h"
#include "enxerto/workflow/evaluate.h"
#include "enxerto/workflow/extract_features.h"
#include "enxerto/workflow/train.h"
