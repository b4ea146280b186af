// SPDX-License-Identifier: Apache-2.0

/// Ordinary words that must never be taken for a misspelt symptom: `chess` is not `chest`.
///
/// The words that everyday questions use most, counted over the lines of CLINC150, Banking77, HWU64 and MedQuAD, and the
/// words of Debian's `wamerican-small` that are one slip away from a word that the shipped families look for in pairs or
/// alone.
enum CommonWords {
    /// Whether the word with this hash is one of them.
    static func contains(_ hash: UInt64) -> Bool { index.find(hash) >= 0 }

    private static let index: HashIndex = {
        var index = HashIndex(minimumCapacity: 8192)
        for word in text.utf8.split(whereSeparator: { $0 <= 0x20 }) { index.insert(FNV.hash(word), 1) }
        return index
    }()

    private static let text = """
        gram dine dines smelly tumour tumours humour rumour
        aaa abc abdominal able abort abound about above abreast abroad abscess absolutely abuser accent accept
        acceptable accepted accepting accepts access accessed accessing accidentally accidents accomplish
        according account accounts accrued accurate aces acetate ache ached acid acidosis acids acing acoustic
        acquired acquiring acres across acting action actions activate activated activating activation active
        activities activity actual actually acute acuter acyclovir add added adding additional address adele
        adjust adrenal adult adults advance advice advise affected affiliate affirmative afraid africa after
        aftercare afternoon again against age agenda agent ago agree aground ahead aicardi aid aiken air aired
        airlines airport ais ajar alarm alarms alaska albinism album albuterol alcohol alert alerts alex alexa
        alfa alfredo alice alive all allen allergy alley allow allowed ally almond almost alone along alpha
        already alright also alter alternative alternatives although altruism always amazing amazon ambient
        america american amex amiloride amlodipine amount amoxicillin ampicillin amputate amputates amuse
        amused amusing amy amyloidosis and androgen anemia aneurysm angel angeles angina angioma angled angler
        angry animal animals ann anniversary annual annulare another answer answering answers anti antipathy
        antitrypsin antonio ants anus anvil anxiety any anymore anyone anything anyway anywhere aortic apart
        aped aping aplasia app apparently appear appeared appearing appears apple applebees apples application
        applied apply applying appointment appointments appreciate appreciated approval approve approved apr
        april apter arbys arch arches arching arcing are area areas arent argentina arijit arise armed arming
        around arrange arrival arrive arrived arrives arriving art artery arthritis artificial artist asap
        asexual ashed ashes ashing asia ask asked asking aspiration aspiring assaulter asses assist assistance
        assistant associated asthma astray ataraxy ataxia ate atelectasis athens atlanta atm atms atresia
        atrophy attach attached attaching attachment attack attacker attacks attempt attempted attempting
        attempts attend attention attractions atypical aud audible audio audiobook august austin australia
        australian austria authorize authorized auto autoimmune automatic autosomal availability available
        average avoid awake awaked awaking award aware away awesome awful awoke awoken azelaic babies baby
        bacitracin back backed background backing bacon bad badder bade bag bagged bagging bags baiting bake
        baked baker bakes baking balance balking ball ballet balling balloting baltimore banana bananas band
        banded bands banging bangor bank banked banking banks banned bar barcelona barclays barged bark barley
        barn barns bars basal base baseball based bashes bashing basic basis basked basses basted basting
        bathed bathroom batter batters battery batting battled bay bbc beach beading beady beak beaming
        beaning beans beard bearing bears beast beater beating beatles became because become bed bedroom beds
        beef been beeping before began begin beginning behind being belgium belief believe bell bells below
        belting ben bench bending beneficiary beneficiery benefits benign bent berried berth beside best
        besting beta betaxolol betted better betting bettor betty between beyond bicker bides biding big
        bigger biggest bike biked bikes biking biliary bill billing bills bind binding binned bird birth
        birthday birthdays birthplace bit bitches bitching bitcoin bite bites bits bitter bjs black blackberry
        blacken blacker bladder blame bland blank blanked blanking blare blaring blasted blaster blasting
        blaze bleach bleak bleat bleating bled bleeding bleeping blend blending blends blessing blight blind
        blink block blocked blocking blond blood blooding bloody bloom blots blow blows blue blued blurred
        blurring blurs bluster blustered blustering blusters bmw boa board boarding boating bob bobbed boding
        body boil boise bolted bone bong book booked booking books boost border bore bored born boss boston
        bot both bother bottle bottles bottling bottom botulism bough bought bound bounded bounding bout bowed
        bowel bowl box brachial bracing brad brain braise brake braking branching brand brave brawn brazil
        breach breaches breaching bread breading breadth break breakfast breaking breaks breast breathed
        breather breathers breathing breed breeding breeds breezing brew brick bride bridge bridging brief
        bright brighten brighter brightness bring brink brinks british broad broccoli broke broken broker
        brood brooked brooklyn broth brother brothers brought brow brown browned brownies browning brows
        brunch brunt brush brushed bucked budge budges budging buffalo buffed buffing bugger bugging bugle
        bugles bugling build building built bulged bulking bulled bulling bullosa bully bummed bumper bumping
        bunched bunny buns burger burglary buried burn burner burns burped burping burps burred burring burrs
        bursitis burst burying bus bused bushed bushing business businesses busing bust busy but butter
        buttermilk buttery butting button buy buyer buying bye byte bytes cab cabin cable cabled cables
        cabling caches caching cad caddy cafe caged cake caked cakes caking calcitonin calculate calculated
        calendar cali california calking call called calling calls calm calming caloric calorie calories came
        camera can canada canadian cancel canceled canceling cancellation cancelled cancelling cancer cancun
        candle candy caned cannon cannot canny cant canyon caped capillary capital capitol cappuccino capsuled
        car carboxylase carcinoma card cards care cared career careful carl carnitine carpet carrie carrots
        carry carryout cars cart carton carved case cased cash cashed cashing casserole casting cat catch
        cater caters cats cause caused causes causing cautious cave caves caving cawed cefuroxime cell
        cellphone center centimeters central centre cereal cerebral certain certainly cetuximab chain chair
        chance change changed changes changing changs channel chapped chapter character charge charged charger
        charges charging charles charlotte charm charmed charming chart chase chat chattered chatting cheap
        cheapest cheat cheats check checkbooks checked checking checkings checkout checks cheddar cheep cheer
        cheerios cheese cheeseburger cheesecake cheetos chef cheque cheques cherrios chess chests chew chewed
        chiari chicago chick chicken chid chief child childhood children chile chili chilis chill chillis
        china chinese chink chip chipotle chipped chips chocking chocolate choice choir choking choose
        choosing chopper chore chores chose chosen chow chowed chowing chris christmas chromosome chronic
        chubby chucking church cider ciliary cinema circle cirrhosis cites citibank citicard cities citing
        city civil clack clacked clacking claim clam clan clarify clashed clashing class classed classes
        classic classical clean cleaned cleaner cleaning cleanser cleansing clear cleared clearer clearing
        clearly cleat cleaver cleaving cleft clemastine clicked client climb climbs clinic clinical clipped
        cloak clock clocked clocking clods clogs clones close closer closest closet closets closing clot cloth
        clothe clothed clothes clothing cloths clots cloud cloudy clouts cloves clown clowning club clue
        clumped cluttering cnn coa coach coast coaster coating cobimetinib cocking code codeine coding coffee
        coffer coin coke coked cokes coking cold colitis collage collapsible colleague college color colorado
        colors colour colours colts columbia columbus com combination combined combing comcast come comes
        comfortable coming command common commute companies company compare compared complain complaint
        complement complete completed completely completing complex compose compromised computer concerned
        concerns concert concerts concession condition conditions cone configure confirm confirmation
        confirmed confused congenita congenital connect connection consider considered consist constrictive
        constructed constructing consume consumer consumes contact contacted contactless contacts contain
        contains content continue contraction contraptions control conversation conversion convert converter
        convulse convulsed cooing cook cooked cookie cookies cooking cool coordinates coping copped copy cord
        cords core coring corn corneal corned corner cornet coronary correcly correct correctly cost costa
        costco costs cots couch couched couching coughing could couldnt count countries country couple course
        court cover coverage cower cowing crabbed crabbing cracked cracker crackled craft craig cranial crank
        cranked crash crashes craved craze creak creaking cream create created creation creator credit
        credited creek crest crests crew crewed cri cricket cried cringing crises crisps croaked croci crooned
        crooning cropped cropping cross crowd crowding crowing crown crowned crush crushes crushing crust
        crusted crutches crying crypto cst cuba cuffed cuffing cuisine culling culture cup cups cure cured
        currencies currency current currently curry curst curt customer cut cutaneous cute cutlet cycle
        cyclothymic cyst cystic dad daily dallas damage damaged dammed dammit dan dance dandy danger dangle
        dangled dank danlos dark darken dashed dashing data date dates dating daughter daughters dave david
        dawned day days deactivate dead deafness deal deals dealt dear dearly dears dearth death debit
        december decent decide decked decline declined declining decrease decree dedication dedications
        deducted deed deeding deeds deep deeps default defect defects deficiency define definitely definition
        degeneration degrees delay delayed delete deleted deletion delhi deliver delivered delivers delivery
        delta dementia demon den denied denmark denoted dentist denver depart dependent depleted deposit
        deposited depositing deposits depot depression depth dermatitis describe description deserved design
        desmopressin desperately destination detaches detail details deter determine determined deterrent
        detroit device devons dextrocardia diabetes diabetic diagnose dial diamond diarrhea dice diclofenac
        did didnt die died diego dies diet dietary difference different difficulty dills dim dining dinned
        dinner dipped direct direction directions directly disable disappeared disappointed discharge
        disconnect discount discounts discover discovery disease diseases dish dishes dishing dislocate
        dislocates disney disorder disorders display displaying disposable disposal dispute dissatisfied
        distal distance ditches ditching diver divide divided diving doctor doctors documents dodged doe does
        doesnt dog dogs doing dollar dollars domestic dominant doming dominoes dominos donald done donkey dont
        donut donuts doo door doors dorzolamide dosage dose dosed doses dosing dot double doubles doubt
        doubted dough douse dow down downing downtown draft drags drama draped draping drawn dream dregs dress
        dressy dried drier drink dripped dripping drive drivel driven driver drives driving droned droning
        drool drooled drooling drools drop dropped dropping drops dross drowsed drowsing drug drugs drums dry
        drying dte dubai dublin ducked duct due dummy dumped dumping dunk duplicate duplicated duress during
        dwell dwelled dwelling dwells dye dyeing dyking dysfunction dyskinesia dysostosis dysplasia dystonia
        dystrophy each ear earl earlier earliest earls early earn earned ears earth easier easily easing east
        easter eastern easy eat eater eating economic economy ectodermal ectopic edged edinburgh edit
        effective effects egg eggs ehlers eight eighty either elaborate elbow election electric electricity
        electrocute electrocutes electronic elephants eleven eligible else elvis email emails emergence
        emergency emotion emotions empire employed employees employer employment empty enable enalapril
        encephalitis enchiladas end endocrine enemy energy engine england english enjoy enjoyable enough
        enrolled ensure enter entered entering enterococci enteropathy entire entry eosinophilic epilepsy
        episode equal equals equine erase error erythromycin esophageal esophagus essential est estimated
        estradiol estrogen eta etches etching eur euro europe european euros evanescence evans even evening
        event events ever everest every everyday everyone everything exact exactly exam example exams exceeded
        excellent excels except exchange exchanged exchanges exchanging exist existence existing exit exiting
        exits expect expected expecting expensive experiencing expiration expire expired expires expiring
        expiry explain explaining explanation express extent extra extremely extremer eye eying fable face
        facebook faces facial facing fact factor factory facts fade faded fail failed failing fails failure
        faint fainter fair faith fakes faking fall falling falls false familial familiar family famous fan
        fancy fantastic far farces fare fared fargo faring farm farmed farming farther fashion fast fasted
        faster fasting fat fate father fating fatter fatty fault favor favorite favorites favourite fazing
        fear fearing fears feast feat feather feature febrile february federal fee feed feeding feeds feel
        feeling fees feet feint feinted feinting fell felling fells female fences fending fentanyl ferries
        festival fetal fetter fever few fewer fezes fiat fibrosis field fiend fifteen fifteenth fifth fifty
        fight fighter figure figuring file filed filgrastim fill filler filling fills film filter final
        finally finance find finding fine fined finer finger fining finish finished fire fired fires firmed
        firs first fish fishes fishing fist fit fitful fits fitting five fiver fix fixed fixing flake flaking
        flame flaming flange flared flash flashed flashing flat flattering flawing flea fleshy flicked flight
        flights flint flip flipped flitting floating flocked flocking flood floor flooring florida flour
        flower flowers flown flush flustering fluticasone fly flying foaling focal focus folding follow
        following font food foods fool foot football for force ford fords forecast foreign forever forget
        forgot forgotten form format forming forms forth forty forward found founded founding four fourteen
        fourteenth fourth frame framing france francisco frank fraud fraudulent freak freaking free freedom
        freeman freeze freezer freezing french frequency frequent frequently fresh friday fridays fridge fried
        friend friendly friends fries fright frighting fringing from frond front frontal frontier frost
        frostbit frown frowned frowning frozen fruit frustrated fry frying fuel fueling full fully fume fumed
        fun function functioning fund funding funds funner funniest funny furnace furniture further fuses
        future fuzes gabbed gabbing gable gagged gagging gaging gain gainful gaining gains galley galling
        gallon gallons game games gaming ganged ganging ganglia gangrened gaped garage garden garlic gas
        gashed gashing gasolene gasoline gassed gasses gassing gate gather gating gatlinburg gave gazing gbp
        gearing gears general generalized genetic genital genre geographic george georgia german germany
        gestational get gets getting giant gift gills ginger ginned girlfriend give given gives giving glad
        glade glads gland glare glaring glass glasses glassy glean gleaning gloss glossed glycol gmail goads
        gobbed god gods goes going gold golden golf gone gong gonna good goodbye google goose goring got gotta
        gotten government gowned gps grabber gracing grade grain grams grand grant granule granuloma grapes
        grasping grass grassed grateful great greater greece greed greek green greet greeting grill gripped
        groceries grocery group grown growth grubbed grubbing grubhub guard guess guest guide gulled gulley
        gumbo gummy gunmen gusting gutting guys gym habit hacked had haemorrhaged hair haired hairy half
        haling hall hallway halving ham hamburger hammed hamming hamper hand handed handing handle hands
        handsful hang hanger happen happened happening happens happiness happy harbor hard hardly hardy hare
        hared haring hark harked harking harmed harp harped harping harry hart harts has hashed hashimoto
        hashing hasnt hasted hasting hate hating hatting hauled haunt have haven havens havent having hawaii
        hawaiian haying hazing head headed heading headlines heads heady heal healing heals health healthcare
        healthy heaping heaps hear heard hearing hearse heart hearted hearth hearty heat heath heating heats
        heave heavily heaving heavy hedged heeding heeds heel heeled heeling heir heirs held hell hello help
        helped helpful helping hemolytic hemophilia hemorrhage hemorrhaged hence hepatic hepatitis her herbs
        here hereditary hernia herniae hero herpes herring hers hewed hey hick hidden high higher highest
        highway hiker hill hills him hinged hinging hinting hip hipped hired his hissing history hit hitches
        hitching hitting hiving hmm hobbies hobby hock hocked hocking hocks hold holding holiday holidays
        holing home homemade hometown homing hone honest honey hong hooding hoot hooter hooting hop hope
        hoping hopped hording hormone horrible horse hose hoses hosing hospital hot hotel hotels hound hounded
        hounding hour hours house housed houston how howard however hows huffed huffing huffy hug huge huger
        hugs human humane humped humping hunch hunched hundred hung hungry hunt hunter hunting huntington
        hunts hurl hurling hurls hurry hurt hurtling hurts hushing hut huts hydroxide hydroxylase hyperplasia
        hypertension hypoplasia ice iceland idea ideal ideas identify identity idiopathic ihop iii ill ills
        image images imagine immediately immune impale impales imperforate importance important impossibly
        impression improve inbox inch inches inching include included income incoming incontinence incorrect
        incorrectly increase increased index india indian indianapolis indonesia induced infancy infant
        infantile infants infection infections infectious infested inflammatory info inform information
        informed infraction ingredients inhalation inhale inhaler inhales inherited initial initiate initiated
        injection injury inn inner input inquiring inr inside insider insipidus insomnia instagram instant
        instead instruct instruction instructions insulin insurance insure insured insuring intensity
        interactions interbank interest interested interesting interferon internet interstitial interval
        intervals intestinal into intolerably intolerance intrapleural intrauterine intrude intruded intrudes
        invested invite involved iphone ipratropium ireland iron irs ischemia island isnt isolated israel
        issue issued issues ist italian italy itch itched item items its itself ive jack jacket jackson jading
        jagged jam jamaica james jan jane jangle jangled january japan japanese jaundice jazz jean jeff jell
        jells jerry jersey jet jetblue jfk jim jingling job jobbed jobs jodhpur joe joes john johns johnson
        joint jointing joke jokes joking jolly jones josh jude judge juice july julys jump jumped june just
        justin jutting juvenile kansas kaya keeling keels keened keens keep keeping keeps kelp kentucky kenya
        kept keratitis kerosine kevin kickball kicked kidnaped kidnapper kidney kids killed killing kills
        kilning kilometers kilos kilt kind kindly kinds king kissing kitchen kites kiting kitten kneeled knife
        knock knocker knots know knowledge known kohls kong korea korean kroger label laborer lacing lack
        lacked lacking lactose ladder lade lading lads lady lager lagged lagging lagos lakes lakewood
        lamivudine lamp land landing landlord lands language laptop large larges las lasagna laser lashed
        lashing lass lasses last late lately later latest lather lauderdale laugh laughing laughter laundry
        lawn lawrys lax layer leach leader leading leads leafing league lean leaner leaning leaping learn
        lease leasing least leave leaving lebron led leeds leeks left legal legs lemon lending length less
        lesser let lethal lets letter letting leukemia levee level lever levered levofloxacin lexington
        liberty library lice life lifes lift light lighted lighten lightening lighting lights like liked liker
        likes liking limb lime liming limit limitations limited limits limp linda line lines linger lingers
        lining link linked lip lipid lips lisa list listed listen listened listening listing lists little
        littler live lived lively liver living load loafs loan loaning loans lobbed lobes lobster local locate
        located locating location locations lock locked lockers locket locking lodge lodger lodges log logan
        logged logic login london long longed longer longhorn look looked looking looks lookup loose looses
        loosing lopes loping lopped lord lords los lose loser losers loss losses lost lot lotion lotions lots
        loud louder lounge louse louses love loves loving low lower lowest lowing lucked lucky luggage lump
        lumped lumping lunch lunched lung lupus lurasidone lusted lusting lying lyrics lysol macaroni machine
        machined machines macing macular macys madder made madison madly magic magnesium maids mail mailed
        mails maims main maintenance major make maker makes making male malformation malignant mall mama mamma
        manage manager mangle mangles manhattan mania maniac manner manor mans mantled many map march marie
        mario mark marker market marketing marks maroon marriage married marriot marry mart mary marys mashed
        mashing massed masses massing master mastercard match math mating matter max maximum may maybe mayor
        mcdonalds meal meals mean meaning means meant meat meatballs meatloaf meats mechanic medal media
        mediation medical medications medicine medicines meditation meditations medium meet meeting meetings
        mein melanoma melbourne melted member memory mending meningitis mental mention menu merchant
        merzbacher mesa message messages messed metabolic metal mete meted meteor meters metes methimazole
        method methods methyldopa metro mexican mexico miami michael michaels microsoft microwave midnight
        might miglustat mike milan mile mileage miles milk miller millimeters milling mills mind minding mine
        mingled mingling minimum minor minus minute minutes mired misplaced missed misses missing missive
        mistake mistakes mites mitten mix mixed mixing mobbed mobile mode model modem modify molding molest
        mom moment moms monday mondays money month monthly months mood mooing mooning moose mop moping mopped
        mopping moral more morning mornings morphine mortgage mortons moscow most moth mothball mother
        mothering motor mound mounded mounding mount mountain mouse mouth move moved movement movie movies
        mower mowing moxifloxacin mpg much mucked muffed muffing muffins mug mugged mulched multiple multiply
        mumbai mummy munch munches murderer musch muscle muscular museum mushing mushrooms music musical must
        mute muter mutton myoclonus myopathy myotonia myself nagged nagging name named names napped nasal
        nashville nasty national naught navy near nearby nearest nearing nearly nears neat necessary neck need
        needed needing needled needling needs needy negative neighborhood neomycin neonatal neoplasia
        nephritis nephropathy nervous netflix neurogenic neuroma neuropathy neurotic never new newborn newer
        newest newly news next nice nick nicked nicotine nigeria night nike nine ninety ninth nipped nites
        nobody noel noise non noodle noodles noon nope normal normally north nose noses nosing nostril nosy
        not note noted notes nothing notice noticed notification notified notify notion notions notting nov
        novel november now nowhere npr nuder nuggets numb number numbered numbers nurse nut nutrients
        nutrition nutritional nutting nyc obama object obstruction obstructive obtain obtained occupational
        occurred ocean oclock october odd odder off offer offered office official often ohare ohio oil okay
        ola old older olive olly olympia omega omelette omit once one ones online only ons onset onto oops
        open opened opener opening operate operator ophthalmic opinion optic option options oral orange
        oranges order ordered ordering orders organization origin original originally originate orlando
        orleans osseous other others ought ounces our out outback outer outlet outlets outlook outset outside
        outsider ovarian oven over overcharged overdo overdoes overdoing overdone overdose overhead overseas
        overview owe owed owing own owned owner pacific pacing pack package paddle paddy page paget paid pails
        pain pained pains paint painted painting paints pair pairing pairs palate pale palling palls palm pals
        palsy pan pancakes pancreatic panda pandora pane panel panera panic panned panning pans pansy pant
        panted pants papa paper paralyses paralysis paralyze paralyzes paraplegia parasites parathyroid parc
        parcel parent parents paris park parking paroxysmal parsed parses parsing parson part partial
        particular parting party paso pass passcode passed passengers passer passive password past pasta paste
        pasted pastes pasting patch patent patient patients patrol pattern patting paul pause paused pauses
        pausing paved paving pawning pawns pay paycheck paychecks payday payed paying payment payments paypal
        payroll peace peacemaker peak peaking peanut pears pease pecked pectus peeks peeled peeling peeps
        peking pelizaeus pellet pelvis pencil pending penicillin penned pentamidine people pepped pepper
        pepperoni per percent percentage perfect perfectly perform perfumed perhaps pericarditis period
        periodic perioral peripheral perking permission perry person persona personal personality persons peso
        pesos pet peter petrol pets pharmacy pharyngitis phase philadelphia pho phoenix phone phoned phoney
        phony phosphate photo photos phrase physical pick picked picture pie piece pieced pierce pierces
        pigmentosa piked piking piles pill pilling pills pilot pin pine pined pining pink pinked pins pint
        pints piston pitches pitching pitting pittsburgh pituitary pityriasis pizza pizzas place placed places
        plain plains plan plane planing planking planned planning plans plant planting plants plate play
        playback played player playing playlist plays pleas please pleased plexopathy plight plopped plots
        plug plugs plumped plumping plus pneumonia pocket podcast podcasts point points poising poison
        poisoning poked poker poking police policies policy politics poll polls polycythemia polymyxin pool
        pooped pop popular population porch poring pork porphyria portal portion portland portugal portuguese
        pose posed poses posing position positive possibility possible possibly post postage posted posts pot
        potassium potato potatoes potion potions potter pouncing pound pounded pounds pouting powder power
        practice praise prank praying precautions preen prefer preference preferences preferred pregnancy
        premium prepare preparing prescribed prescription present president presidents press pressure
        pressured pretty prevent previous previously price prices pride pried primary prime print printing
        prior prison prize probably problem problems procedure proceed process processed processing product
        products program programmed progress progressive prolapse promise prone proof proper properly property
        propped propping prostate protect protein proud prove provide provided providing proving prying
        pseudotumor psychoses pto pub public pubs puff puffer puffs puke pukes pull pulled pulling pulls
        pulmonary pulped pulping pulse pulsed pumped punch punched puncture punctures punned punting pupped
        pupping purchase purchased purchases purchasing purple purpler purpose purpura purse push pushing
        pusses put putting pyridoxine qat qtips quack queen query quest question questions quick quicker
        quickest quickly quiet quieter quilt quinidine quirk quit quite quote rabies raced racial racked
        racking racoon radio radius rafter raged ragged ragging raging raid railway rain raining rains raise
        raised raked rakes raking rally rammed ran random range ranged ranging rank rankle ranted ranting
        rants rap rape rapes rapid rapped rapping rared rarely rarest raring rash rasher rasped rasping rate
        rated rates rather rating ratings ratio rattle rattled rattles rattling raved raving ray razed razing
        rccg rdna reach reached reaches reaching react reaction reactivate reactive read readable reading
        reads ready real realize realized really realty reaped reaping rearing rears reason reasons recall
        receipt receive received receiver receiving recent recently recessive recieve recipe recipes recipient
        recognise recognize recognizing recommend recommended record recorded recover rectal recurring red
        redeem redemption redrobin reduce reed reeds reeks reeled reeling refer referring reflect reflected
        reflux refresh refrigerator refuges refund refunded refunds refuse refused refutes regarding regards
        regular rejected rejecting related relax release released remainder remaining remember remind reminded
        reminder reminders remote remoter removal remove removed removes renal rename rending renew reno rent
        rental rented repair repeat repeated repeatedly repeating rephrase replace replaced replacement replay
        replies reply report reported reporting request requested requesting require required requirements
        rescind research reservation reservations reserve reserved reset resident resistant resolve resolved
        resources respiratory respond response responses responsible rest restart restaurant restaurants
        restore restrictions result results resume retardation retch retched retinae retinal retinitis
        retirement retrieve retry return returned returning returns reuses revel revere revered reverse
        reversed revert reverted review reviewed reviewing reviews reward rewards rewind rheumatoid ribbed
        ribs rice ricing rickets rid ride rife rifled right righter righting rihanna rile ring ringed ringing
        rink rinks riper rippled rise risk risks risotto rites river road roads roaming roast robber robby
        robed robert robin robot rock rocket rod rode roger rohit roll rolled rolling rollover rolls roman
        romantic rome rooked room roomba rooms root roped roping rose roses rotund rough roughed roughing
        round rounded rounding roundtrip rouse route routing royal rubbed rubies ruble rubles ruby ruffed
        ruffing rugs rules rummy run running runny rupee rupees rupture ruptures rural rush rushed rushing
        russia russian ruth ruths rutting sack sacked sacramento sad sadden sadder saddled sade sadly safe
        safely safety safeway said saint sake sal salad salary sale salem sales salivary sallow salmon salt
        salved salving sam same sams samsung san sand sandwich sang sapped sara sarah sarcoma satisfied
        saturday sauce sausage save saved saver saves saving savings saw sawed sawing say saying says scabbed
        scabbing scale scaled scales scaling scalp scalped scalping scalps scaly scan scattered scene schedule
        scheduled schedules school schwab sclerosis scold scolded scolding scolds scoop scoot scooter scooting
        scope score scotland scratch scratched scratches screaming screen screwy seafood sean search searching
        searing sears season seat seated seating seattle second secondary seconds section secure security see
        seeding seeds seeing seeks seem seemed seems seen seeping seeps seize seizes seizing seizures select
        selected self sell seller selling sells send sending sense sensitivity sent sentence sepa separate
        separately september serve service serviced services serving session set setter setting settings setup
        seven seventeen seventh seventy sever several severe severer severs sewing sexist sexual sfo shack
        shacks shade shading shake shaken shakes shaky shall shaming shape shaping share shared sharing shark
        sharking sharp shaved shaven shaving she shearing shears sheet shelf shell shelled shelling shells
        shepherds shift shine ship shipped shire shirk shirt shit shock shoeing shoes shone shoo shooing shook
        shoon shoos shoot shop shopped shopping shops shore shoring shorn short shorter shorting shot shots
        should shoulder shouldnt shout shouting shouts shoving show showed shower showing shown shows shrew
        shrimp shuck shucked shucking shucks shuffle shut shuts shuttered sick sicked side sided sides
        sidetracks sifting sight sighting sign signed silence silent sill sills silting simile simple since
        sine sing singapore singe singer singers singes singh single singled singling sings sinking sinned
        sioux sired sires siri sirup sister site sites siting sitter sitting situation six sixes sixteen sixth
        sixty size sized sizer sizing sjgren skeletal skeptic skewing skill skin skins skip skipped skirt
        skulk sky slabbed slabbing slacked slacking slake slaking slapped slashes slaved slaving sleeking
        sleep sleeping sleet sleeting slept slewing slice slick slicked slicking slide sliding slight slighter
        slime sling slings slip slipper slit slitting slivering slopped slopping sloppy slops sloshed sloshing
        slot slots slow slower slowing slowly slugs sluice sluiced sluicing slummed slums slung slur sluts
        smack small smallest smalls smart smashes smashing smelled smelling smelly smelt smelting smelts smile
        smiled smite smith smiths smock smocked smocking smocks smoke smoked smoker smoky smooth smote smother
        smoulder snack snagged snagging snake snaked snaking snapchat snare sneak sneezing snipped snort snots
        snow snowing snuck soaking sobbed soccer social sock socked socket socking socks soda sodden sodium
        soft softer solid solution solve some somebody someone someones something somethings sometimes
        somewhere son song songs sons sony soon soot sopped sopping sops sorry sort sorts sound sounded
        sounding soup sour source souring sours south southern southwest sowing space spaghetti spain spanish
        spare spark sparks spastic spattered spatting spaying speak speaker speakers speaking spear special
        species specific specified specify speck speech speed spell spelled spelling spells spend spending
        spent spice spiced spicing spider spied spike spikes spill spills spilt spin spinal spins spire spirit
        spit spite spited spiting splashed splashing splat splice spliced splicing splint split splitting
        spoke spoken spool spools sport sporting sports spot spots spotting spray sprint spurning spurred
        spurring spurs square squinting squiring squirming stab stabled stabling stabs stack stadium staff
        stage stairs stake staking stalking stall stamp stand standard standing star starbucks stare stared
        stark starry stars start started starting starved state stated statement statements states stating
        station stations statue statues status stave staved staving stay stays steak steakhouse steal steam
        steaming steel steep steeping steer stenosis step stepped stepping steps stern steve steven stevens
        stewing stick sticky stiff still stingy stink stinks stint stints stock stocked stocking stocks stoke
        stokes stole stolen stomached stomatitis stomped stomping stomps stone stones stood stoop stooped
        stooping stoops stop stopped stopper storage store stores stories stork storks storm story stowing
        stows straggle straggled straggles straggling straight strange strangle strangles strap strapped
        straps straw straying streaking street streets stress strew stricture stride strife strike striker
        string strings strip stripe stripes stript strive strobe strode stroked strokes stroll strong stronger
        strove struck structure struggled strung stub stubbed stubbing stuck student study stuff stumped stun
        stunk stuns stunt style sub subject subjects submit submitted subscription substitute subtract subway
        such suck sucker suckled sudden suddenly sugar sugary suggest suggestion suggestions suing suite suits
        sulked sum summer sun sunday sung sunitinib sunny super superficial supervisor supplements supplies
        support supported suppose supposed sure surgery sushi suspicious suv swabbed swabbing swallow
        swallowed swan swap swapped sweating sweden swedish sweeping sweet swell sweller swelling swift swill
        swilled swilling swills swim swine swing swings swishes swishing switch switched switching switzerland
        swore sworn swung symptoms sync syndrome system systemic tabbed tabbing table tabled tables
        tablespoons tac tacking taco tacos tacrolimus tag tagged tagging tails taint tainted tainting take
        takeaway taken takeout taker takes taking talc talk talking tallahassee taming tampa tangle tangled
        tangling tank tanking taped tapeworm taping tapped tardive tardy target tartine task tasked tasking
        tasks taste tastes tasting tattling taught tax taxes taxi taxing teach team tear tearing tears
        teaspoons ted teeth telephone television tell telling temp tempe temperature ten tending tennis tented
        tenth terbutaline terminate terms terrible terribly test tested testicular testosterone texas text tgi
        thai thailand than thank thanks that thats the theater theaters theatre theatres thee their them theme
        then theory there theres these they theyre thiamine thick thin thing things think thinker thinking
        thinned thins third thirty this thorough those though thought thousand threat threaten threats three
        threw throb thrombosis throttle throttles through throughout throw thru thump thursday thyroid
        thyroiditis tic tick ticked ticket tickets tie tied tiger tight tighter til till tilling tills time
        timer times timezone timolol ting tinged tingeing tinging tings tinkling tinned tip tipped tips tire
        tired tires tissues title toads toasted today todays toddle toddled toddles todo toe toes toffee
        together toiled toilet tokyo told tom tomato tomatoes tomorrow tomorrows toms tonal tongued tonic
        tonight too took tool tools tooth toothpaste top topic topical topics topotecan topped topping tops
        topup tore torn toronto toss total totally touch tough touring tourist towards towel towels tower
        towers town toxin toying trace tracing track tracked tracking tract trade traffic train trains trait
        traitor tramped transaction transactions transdermal transfer transfered transfering transferred
        transferring transfers transient translate trapper trash trashed trashing travel traveling travelling
        tray treat treating treatment treatments trebling tree treed tremor trend trending trenton trial
        trials trick tried tries trifle trip triple tripped trips trisomy trivia troop trooped trooping troops
        trouble troubled trough truck true trued truing truly trump trunk trust truth try trying tube tuck
        tucked tuesday tuesdays tumor tumors tuna tune tuned tuning tunnel turfed turfing turfs turkey turn
        turned turner turns tweet tweets twelfth twelve twentieth twenty twice twilight twist twister twitter
        two type typed types typical typically typing typo uber udder uhh ulcers umami umbrella unable
        unauthorized unaware unbearably unbeatable unblock unblocked unclear under underpants understand
        understood undo unexpected unfamiliar unimportant union united university unknown unless unlock unman
        unmute unread unsuccessful unsure unsync untie until unusable unusual upcoming update updated updates
        updating upon upper ups upset urban urgent urgently urinary urine urns uruguay usa usaa usable usage
        usbank usd use used useful uses using usual usually uterine utilities utilize vacation vaccination
        vaccinations vaccine vaccines vacuum vacuuming vaginal valid valsartan value valve van vancomycin
        vanished various vary vee vegan vegas vehicle vein vending venous vented ventricular verification
        verified verify verifying verizon versus very via vices victim video vietnam vietnamese view viler
        vinegar viral virgin virginia virtual virus visa visas visible visit visiting vital vitamin vocals
        voice voiced volley volume vomiting vowel vying waddle wades wading wafer wafers wafted wafts wager
        wagers wages wagged wagging waging waist waists wait waited waiter waiters waiting waits waiving wake
        waked waken wakens wal walgreens walk walked walker walking wallet walling wallow wallowed wallowing
        wallows walmart wands waned wanes waning wanna want wanted wanting wants war wards warfarin warm
        warmed warming warned warning wars warts was wash washed washes washing washington wasnt waste wasted
        wasting watch watched water watering watery watts waved waver wavers waves waxes waxing way ways wear
        wearing wears weather weaving web website wedded wedding wedge wedges wednesday weeding weeds week
        weekdays weekend weekends weekly weeks weeping weeps wees weight weird weirdo welcome well welled
        welling wells wemo wendys went were west western wetter wetting what whatever whats wheel wheeling
        wheezed when whens where wheres whether which while whine whisper whispering white whiten whiter who
        whole whom whore whos whose why wicked wife wild will willing wills wilson win winding window wine
        winged wingers wings winter wiper wired wises wish wished wist wistful witches witching with withdraw
        withdrawal withdrawals withdrawing withdrawl withdrawn withdrew within without witting wizes woman
        women wonder wondered wonderful wondering wont woods word words wordy wore work worked working workout
        works world worlds worms worried worry worse worsen worst worth would wouldnt wound wounder wounding
        wrapped wreak wreaking wreath wreathe wreathes wreathing wrest wrests wriest wright wringing wrist
        writ write writer writing writs wrong wrote xfinity yahoo yakamoto yards yeah yeap year yearly years
        yelling yellow yen yens yes yesterday yesterdays yet yield yoga yogurt york you young your youre yours
        yourself youth youtube youve zeppelin zero zesty zeus zipped zone zoo
        """
}
