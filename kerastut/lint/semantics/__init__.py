"""What a program means, as far as it can be read without running it.

`interpreter.interpret` walks the chunks of a document in order, in one scope as a notebook runs
them, and returns a `Program`: every call, name, import and model with the values they are made of.
"""

from .facts import Access as Access
from .facts import Call as Call
from .facts import Definition as Definition
from .facts import Fact as Fact
from .facts import Import as Import
from .facts import Reference as Reference
from .facts import Result as Result
from .facts import Subscript as Subscript
from .facts import Use as Use
from .facts import origins as origins
from .models import Model as Model
from .models import activation_name as activation_name
from .models import layer_call as layer_call
from .program import Program as Program
from .program import matches as matches
from .scopes import Instance as Instance
from .scopes import UserClass as UserClass
from .scopes import UserFunction as UserFunction
from .values import Attribute as Attribute
from .values import Constant as Constant
from .values import Display as Display
from .values import Mapping as Mapping
from .values import Operation as Operation
from .values import Parameter as Parameter
from .values import Part as Part
from .values import Ref as Ref
from .values import Undefined as Undefined
from .values import Value as Value
from .values import options as options
