#pragma once
/// What a program needs of Enxerto; a few nouns and verbs:
///   Recipe r{...};  TrainReport report = train(r);          from a folder of pictures to a saved model
///   Model m = Model::load(path);  m.predict(...);           the model at work
///   evaluate(path, data);  verify(path);                    how good it is, and whether it is whole
///   embed({.recipe = r, .output = "features.npy"});         the features, for use elsewhere
///   load_backbone("resnet50");  pretrained_models();        the networks behind it
#include "enxerto/base/version.h"
#include "enxerto/data/open.h"
#include "enxerto/model/export.h"
#include "enxerto/model/model.h"
#include "enxerto/model/verify.h"
#include "enxerto/pretrained/load_backbone.h"
#include "enxerto/workflow/embed.h"
#include "enxerto/workflow/evaluate.h"
#include "enxerto/workflow/train.h"
