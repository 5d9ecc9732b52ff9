import ColdBrew
import DIVA
import DeepAutoAugment
import Experiments
import GIANT
import GraphRelationalDA
import PSAGAN
import RIM
import TrajectoryShapley
import VisualGeneralisation
import TransEncoder

/// The methods that Lathe has, one line each.
public let methodCatalogue: [any Method] = [
    DIVAMethod(),
    ColdBrewMethod(),
    GraphRelationalDAMethod(),
    GIANTMethod(),
    PSAGANMethod(),
    RIMMethod(),
    TrajectoryShapleyMethod(),
    DeepAutoAugmentMethod(),
    VisualGeneralisationMethod(),
    TransEncoderMethod(),
]
