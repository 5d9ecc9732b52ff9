import ColdBrew
import DIVA
import Experiments
import GraphRelationalDA

/// The methods that Lathe has, one line each.
public let methodCatalogue: [any Method] = [
    DIVAMethod(),
    ColdBrewMethod(),
    GraphRelationalDAMethod(),
]
